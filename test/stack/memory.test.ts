/** What a collector at the limit of its memory does: it turns senders away, counts and reports it, and takes all in the end. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { priceUsage } from '../../packages/prices/src/index.ts'
import { collector as collectorDashboard } from '../../scripts/deploy/dashboards/machinery.ts'
import { freePorts } from '../../scripts/stack/ports.ts'
import { type Stack, startStack } from '../../scripts/stack/start-stack.ts'
import { collectorSum, eventually, jaegerSpans, prometheusValue } from './backends.ts'
import { sendSpans, span, text } from './otlp-sender.ts'
import { peakResidentBytes } from './process-figures.ts'

const LIMIT_MIB = 96
const REQUESTS = 240
const PER_REQUEST = 250
const SENDERS = 6
const BYTES_OF_TEXT = 3000

let stack: Stack | undefined
let folder: string

/** With traces that wait for their decision: what has been taken is held in memory. */
async function start(limitMib: number): Promise<Stack> {
  folder = mkdtempSync(join(tmpdir(), 'agentel-memory-'))
  const collectorEnv = {
    OTELCOL_MEMORY_MIB: String(limitMib),
    OTELCOL_MEMORY_SPIKE_MIB: String(Math.round(limitMib / 4)),
    GOMEMLIMIT: `${Math.round(limitMib * 0.7)}MiB`,
    OTELCOL_DECISION_WAIT: '5s',
    OTELCOL_KEEP_PERCENT: '100',
    OTELCOL_SPAN_METRICS_FLUSH: '1s',
  }
  const collectorFiles = ['deploy/otelcol/sampling.yaml']
  stack = await startStack({ folder, ports: await freePorts(), interval: '1s', collectorEnv, collectorFiles })
  return stack
}
afterEach(async () => {
  await stack?.stop()
  stack = undefined
  rmSync(folder, { recursive: true, force: true })
})

const usage = { inputTokens: 1000, outputTokens: 100 }
const count = (key: string, value: number): object => ({ key, value: { intValue: String(value) } })

function priceOfOne(): number {
  const priced = priceUsage({ provider: 'openai', model: 'gpt-4o', usage })
  if (!('amount' in priced)) throw new Error(priced.unpriced)
  return priced.amount
}

/** Calls of a model that nobody priced yet: the collector makes metrics of them, too. */
function calls(traceId: string): object[] {
  const attributes = [
    text('gen_ai.operation.name', 'chat'),
    text('gen_ai.provider.name', 'openai'),
    text('gen_ai.request.model', 'gpt-4o'),
    count('gen_ai.usage.input_tokens', usage.inputTokens),
    count('gen_ai.usage.output_tokens', usage.outputTokens),
    text('app.note', 'x'.repeat(BYTES_OF_TEXT)),
  ]
  return Array.from({ length: PER_REQUEST }, () => ({ ...span('chat gpt-4o', { attributes }), traceId }))
}

interface Sent {
  /** `trace/span` of each span that was taken. */
  readonly ids: string[]
  /** Answers 503: not now, but again. */
  turnedAway: number
}

/** Several send at the same time, each again what was turned away. */
async function sendAll(running: Stack): Promise<Sent> {
  const sent: Sent = { ids: [], turnedAway: 0 }
  let next = 0
  const send = async (spans: readonly object[]): Promise<void> => {
    for (;;)
      try {
        return await sendSpans(running.urls.otlp, 'many', spans)
      } catch (error) {
        if (!String(error).includes('answered 503')) throw error
        sent.turnedAway++
        await sleep(250)
      }
  }
  const sender = async (): Promise<void> => {
    while (next++ < REQUESTS) {
      const spans = calls(span('').traceId) as { traceId: string; spanId: string }[]
      await send(spans)
      sent.ids.push(...spans.map(({ traceId, spanId }) => `${traceId}/${spanId}`))
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, sender))
  return sent
}

it('turns senders away at its limit, counts and reports each, stays small, and has all when they come again', async () => {
  const running = await start(LIMIT_MIB)
  const sent = await sendAll(running)
  expect(sent.turnedAway).toBeGreaterThan(0)
  // The program and the mapped file of the queue are in it. Without a limit the same traffic takes more than 900 MiB.
  expect(peakResidentBytes(running.collector.pid!) / 2 ** 20).toBeLessThan(400)

  const refused = sent.turnedAway * PER_REQUEST
  expect(await collectorSum(running.urls.collectorMetrics, 'otelcol_receiver_refused_spans')).toBe(refused)
  const panel = collectorDashboard.panels.find(({ title }) => title === 'Turned away')
  const query = String(panel?.query).replaceAll('$__range', '1h')
  const ask = (promql: string) => () => prometheusValue(running.urls.prometheus, promql)
  const shown = await eventually(ask(query), (value) => value === refused, 10_000)
  expect(Math.abs(shown! - refused)).toBeLessThanOrEqual(refused * 0.01)
  const firing = ask('count(ALERTS{alertname="collector-refuses-data", alertstate="firing"})')
  expect(await eventually(firing, (found) => found !== undefined)).toBe(1)

  const traceIds = sent.ids.map((id) => id.split('/')[0]!)
  const arrived = await eventually(
    () => jaegerSpans(running.urls.jaeger, traceIds),
    (held) => held.length >= sent.ids.length,
  )
  expect(sent.ids).toHaveLength(REQUESTS * PER_REQUEST)
  expect(arrived).toHaveLength(sent.ids.length)
  expect(new Set(sent.ids).symmetricDifference(new Set(arrived))).toEqual(new Set())
  const tokens = ask('sum(gen_ai_client_inference_usage_input_tokens_total{service_name="many"})')
  const wanted = sent.ids.length * usage.inputTokens
  expect(await eventually(tokens, (value) => value === wanted)).toBe(wanted)
  const dollars = await ask('sum(agentel_client_inference_usage_cost_total{service_name="many"})')()
  expect(dollars).toBeCloseTo(sent.ids.length * priceOfOne(), 4)
})
