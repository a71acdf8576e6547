/** What the collector keeps when it keeps no share of the ordinary; the metrics count everything all the same. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { eventually, jaegerSpans, prometheusValue } from './backends.ts'
import { ownStack } from './own-stack.ts'
import { sendSpans, span, text } from './otlp-sender.ts'

const stack = await ownStack('sampling', {
  interval: '1s',
  collectorEnv: {
    OTELCOL_DECISION_WAIT: '1s',
    OTELCOL_BATCH_TIMEOUT: '200ms',
    OTELCOL_SPAN_METRICS_FLUSH: '1s',
    OTELCOL_KEEP_PERCENT: '0',
  },
  collectorFiles: ['deploy/otelcol/sampling.yaml'],
})

const now = BigInt(Date.now()) * 1_000_000n
const KINDS: Readonly<Record<string, object>> = {
  failed: { status: { code: 2, message: 'broken' } },
  slow: { startTimeUnixNano: String(now - 6_000_000_000n), endTimeUnixNano: String(now) },
  costly: { attributes: [{ key: 'agentel.cost.amount', value: { doubleValue: 0.06 } }] },
  important: { attributes: [text('agentel.sampling.priority', 'high')] },
  anomalous: { attributes: [{ key: 'agentel.anomaly.score', value: { doubleValue: 0.7 } }] },
}

it('keeps the failed, slow, costly, important and anomalous, and counts what it does not keep', async () => {
  const kept = Object.entries(KINDS).flatMap(([name, more]) => Array.from({ length: 5 }, () => span(name, more)))
  const ordinary = Array.from({ length: 100 }, () => span('ordinary'))
  await sendSpans(stack.urls.otlp, 'sampled', [...ordinary, ...kept])
  const ids = (spans: readonly { traceId: string; spanId: string }[]): string[] =>
    spans.map(({ traceId, spanId }) => `${traceId}/${spanId}`).toSorted()
  const calls = 'sum(traces_span_metrics_calls_total{service_name="sampled"})'
  const counted = await eventually(
    () => prometheusValue(stack.urls.prometheus, calls),
    (value) => value === 125,
  )
  expect(counted).toBe(125)
  const traceIds = [...ordinary, ...kept].map(({ traceId }) => traceId)
  const held = await eventually(
    () => jaegerSpans(stack.urls.jaeger, traceIds),
    (spans) => spans.length >= kept.length,
  )
  expect(held.toSorted()).toEqual(ids(kept))
})

it('keeps no part of a trace alone: of two processes that send their halves, both are kept for what one has seen', async () => {
  const ids = Array.from({ length: 100 }, () => randomBytes(16).toString('hex'))
  const failed = ids.filter((_, index) => index % 5 === 0)
  const ordinary = ids.filter((id) => !failed.includes(id))
  const sender = fileURLToPath(new URL('half-trace-sender.ts', import.meta.url))
  const send = (service: string, ...lists: string[][]) =>
    promisify(execFile)(process.execPath, [sender, stack.urls.otlp, service, ...lists.map((list) => list.join())])
  // What fails does so in the second process, and the first knows nothing of it.
  await Promise.all([send('first-half', ids, []), send('second-half', ordinary, failed)])
  const calls = 'sum(traces_span_metrics_calls_total{service_name=~".*-half"})'
  const counted = await eventually(
    () => prometheusValue(stack.urls.prometheus, calls),
    (value) => value === 200,
  )
  expect(counted).toBe(200)
  const held = await eventually(
    () => jaegerSpans(stack.urls.jaeger, ids),
    (spans) => spans.length >= 2 * failed.length,
  )
  const kept = held.map((id) => id.split('/')[0])
  const partial = ids.filter((id) => kept.filter((one) => one === id).length === 1)
  expect(partial).toEqual([])
  expect(kept.toSorted()).toEqual([...failed, ...failed].toSorted())
})
