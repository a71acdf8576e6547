/**
 * Cost of turning a span into metrics, beyond the span itself: ns a span, median of rounds, for a chat span with a
 * stream's chunk times, a plain chat span, and a span of another library.
 * Run: node --conditions=@agentel/source bench/metrics-recorder.ts
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { setChunkGaps } from '../packages/api/src/index.ts'
import { priceUsage } from '../packages/prices/src/index.ts'
import { usageOf } from '../packages/processors/cost/src/usage-of.ts'
import { setCostParts } from '../packages/processor-kit/src/index.ts'
import { metricsEnricher } from '../packages/processors/metrics/src/index.ts'

const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.response.model': 'gpt-4o-2024-08-06',
  'gen_ai.response.id': 'chatcmpl-123',
  'gen_ai.response.finish_reasons': ['stop'],
  'server.address': 'api.openai.com',
  'server.port': 443,
  'gen_ai.request.temperature': 0.5,
  'gen_ai.usage.input_tokens': 2006,
  'gen_ai.usage.cache_read.input_tokens': 1920,
  'gen_ai.usage.output_tokens': 300,
  'gen_ai.usage.reasoning.output_tokens': 100,
  'agentel.cost.amount': 0.005615,
}
const HTTP = {
  'http.request.method': 'GET',
  'url.full': 'http://x/',
  'server.address': 'x',
  'http.response.status_code': 200,
}
const GAPS = Array.from({ length: 49 }, (_, index) => 0.01 + index / 1000)

/** A context without a span in it. */
const ROOT = { getValue: () => undefined, setValue: () => ROOT, deleteValue: () => ROOT } as never

/** The shape of an SDK's span, as far as the recorder reads it. */
function spanOf(attributes: object, gaps: readonly number[] | undefined) {
  const span = {
    name: 'chat gpt-4o',
    kind: 2,
    attributes: { ...attributes },
    startTime: [1_763_700_000, 0],
    endTime: [1_763_700_001, 500_000_000],
    duration: [1, 500_000_000],
    parentSpanContext: undefined,
    spanContext: () => ({ traceId: 'a', spanId: 'b', traceFlags: 1 }),
  }
  if (gaps !== undefined) setChunkGaps(span as never, gaps)
  return span as never
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
const PARTS = { input: 0.000215, cache_read: 0.0024, output: 0.003 }
/** About what a batch processor holds: more would measure the garbage collector. */
const SPANS = 2000
const ROUNDS = 201

function perSpan(attributes: object, gaps?: readonly number[]): number {
  const enricher = metricsEnricher()
  enricher.metricProducer()
  const rounds = Array.from({ length: ROUNDS }, () => {
    const spans = Array.from({ length: SPANS }, () => spanOf(attributes, gaps))
    const before = performance.now()
    for (const span of spans) {
      enricher.onStart?.(span, ROOT)
      setCostParts(span, PARTS)
      enricher.onEnd?.(span)
    }
    return ((performance.now() - before) * 1e6) / SPANS
  })
  return Math.round(median(rounds))
}

function perPrice(): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = performance.now()
    for (let index = 0; index < SPANS; index++) {
      priceUsage({
        provider: 'openai',
        model: ['gpt-4o-2024-08-06', 'gpt-4o'],
        usage: usageOf(CHAT) ?? {},
        timestamp: 1_763_700_000_000,
      })
    }
    return ((performance.now() - before) * 1e6) / SPANS
  })
  return Math.round(median(rounds))
}

const result = {
  unit: 'ns a span, median of 201 rounds of 2,000',
  chat: perSpan(CHAT),
  'stream of 50 chunks': perSpan(CHAT, GAPS),
  'span of another library': perSpan(HTTP),
  'price of a call': perPrice(),
  machine: `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown'}, load of others not excluded`,
}
console.log(result)
writeFileSync(new URL('results/metrics-recorder.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
