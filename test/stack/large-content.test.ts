/** Spans and records with long content: a batch of them is far larger than the servers take by default. */
import { expect, it } from 'vitest'
import { collectorSum, eventually, jaegerSpans, lokiRecords } from './backends.ts'
import { ownStack } from './own-stack.ts'
import { sendLogs, sendSpans, span, text } from './otlp-sender.ts'

const ITEMS = 600
const BYTES = 60_000
const stack = await ownStack('large')

const content = text('gen_ai.input.messages', 'x'.repeat(BYTES))
const givenUp = (signal: string): Promise<number> =>
  collectorSum(stack.urls.collectorMetrics, `otelcol_exporter_send_failed_${signal}`)

it('takes 36 MB of spans in one request, and Jaeger has each', async () => {
  const spans = Array.from({ length: ITEMS }, () => span('chat', { attributes: [content] }))
  await sendSpans(stack.urls.otlp, 'wordy', spans)
  const ids = spans.map(({ traceId, spanId }) => `${traceId}/${spanId}`)
  const held = await eventually(
    () =>
      jaegerSpans(
        stack.urls.jaeger,
        spans.map(({ traceId }) => traceId),
      ),
    (found) => found.length >= ids.length,
  )
  expect(held.toSorted()).toEqual(ids.toSorted())
  expect(await givenUp('spans')).toBe(0)
})

it('takes 36 MB of records in one request, and Loki has each', async () => {
  const timeUnixNano = String(BigInt(Date.now()) * 1_000_000n)
  const records = Array.from({ length: ITEMS }, (_, i) => ({
    timeUnixNano,
    body: { stringValue: `record ${i}` },
    attributes: [content],
  }))
  await sendLogs(stack.urls.otlp, 'wordy', records)
  const held = await eventually(
    () => lokiRecords(stack.urls.loki, '{service_name="wordy"} | drop gen_ai_input_messages'),
    (found) => found.length >= ITEMS,
  )
  expect(new Set(held.map(({ line }) => line)).size).toBe(ITEMS)
  expect(await givenUp('log_records')).toBe(0)
})
