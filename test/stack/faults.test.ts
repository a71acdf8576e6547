/** What is lost when backends are away and the collector is killed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { collectorSum, eventually, jaegerSpans, lokiRecords, prometheusValue } from './backends.ts'
import { ownStack } from './own-stack.ts'
import { sendLogs, sendMetrics, sendSpans, span } from './otlp-sender.ts'

const BATCHES = 40
const PER_BATCH = 25
const stack = await ownStack('faults', { collectorEnv: { OTELCOL_BATCH_TIMEOUT: '200ms' } })

/** The length of an exporter's queue, by the collector's own metrics, once it has not grown for five seconds. */
async function settledQueue(exporter: string): Promise<number> {
  let since = Date.now()
  let before = -1
  const ask = async (): Promise<number> => {
    const size = await collectorSum(stack.urls.collectorMetrics, 'otelcol_exporter_queue_size', `"${exporter}"`)
    if (size !== before) since = Date.now()
    before = size
    return size
  }
  return eventually(ask, (size) => size > 0 && Date.now() - since > 5000)
}

/** Sends for so long, without a pause; gives how many rounds there were and the ids of the spans. */
async function load(milliseconds: number): Promise<{ rounds: number; sent: string[] }> {
  const startTimeUnixNano = String(BigInt(Date.now()) * 1_000_000n)
  const end = Date.now() + milliseconds
  const sent: string[] = []
  let rounds = 0
  for (; Date.now() < end; rounds++) {
    const spans = Array.from({ length: 10 }, () => span('work'))
    sent.push(...spans.map(({ traceId, spanId }) => `${traceId}/${spanId}`))
    const timeUnixNano = String(BigInt(Date.now()) * 1_000_000n)
    await sendSpans(stack.urls.otlp, 'busy', spans)
    await sendLogs(stack.urls.otlp, 'busy', [{ timeUnixNano, body: { stringValue: `record ${rounds}` } }])
    const dataPoints = [{ asInt: String(rounds + 1), startTimeUnixNano, timeUnixNano }]
    const sum = { isMonotonic: true, aggregationTemporality: 2, dataPoints }
    await sendMetrics(stack.urls.otlp, 'busy', [{ name: 'app.rounds', sum }])
    await sleep(50)
  }
  return { rounds, sent }
}

it('loses nothing while every backend is away for a minute under load', async () => {
  await Promise.all([stack.jaeger.stop(), stack.loki.stop(), stack.prometheus.stop()])
  const { rounds, sent } = await load(60_000)
  await Promise.all([stack.jaeger.start(), stack.loki.start(), stack.prometheus.start()])
  const sum = await eventually(
    () => prometheusValue(stack.urls.prometheus, 'sum(app_rounds_total)'),
    (value) => value === rounds,
  )
  const traceIds = sent.map((id) => id.split('/')[0]!)
  const spans = await eventually(
    () => jaegerSpans(stack.urls.jaeger, traceIds),
    (held) => held.length >= sent.length,
  )
  const records = await eventually(
    () => lokiRecords(stack.urls.loki, '{service_name="busy"}'),
    (held) => held.length >= rounds,
  )
  expect(sum).toBe(rounds)
  expect(spans.toSorted()).toEqual(sent.toSorted())
  const lines = Array.from({ length: rounds }, (_, n) => `record ${n}`)
  expect(records.map(({ line }) => line).toSorted()).toEqual(lines.toSorted())
})

it('loses nothing when Jaeger and Loki are down and the collector is killed and started again', async () => {
  await Promise.all([stack.jaeger.stop(), stack.loki.stop()])
  const sent: string[] = []
  for (let batch = 0; batch < BATCHES; batch++) {
    const spans = Array.from({ length: PER_BATCH }, (_, index) => span(`work ${batch}.${index}`))
    await sendSpans(stack.urls.otlp, 'unlucky', spans)
    const timeUnixNano = String(BigInt(Date.now()) * 1_000_000n)
    const log = (index: number): object => ({ timeUnixNano, body: { stringValue: `record ${batch}.${index}` } })
    await sendLogs(
      stack.urls.otlp,
      'unlucky',
      spans.map((_, index) => log(index)),
    )
    sent.push(...spans.map(({ traceId, spanId }) => `${traceId}/${spanId}`))
  }
  // Killed when all is in the queues on disk: a batch that is not full yet is in memory only.
  expect(await settledQueue('otlp_grpc/jaeger')).toBeGreaterThan(0)
  expect(await settledQueue('otlp_http/loki')).toBeGreaterThan(0)

  await stack.collector.stop('SIGKILL')
  await stack.collector.start()
  await Promise.all([stack.jaeger.start(), stack.loki.start()])

  const traceIds = sent.map((id) => id.split('/')[0]!)
  const spans = await eventually(
    () => jaegerSpans(stack.urls.jaeger, traceIds),
    (held) => held.length >= sent.length,
  )
  expect(spans.toSorted()).toEqual(sent.toSorted())
  const records = await eventually(
    () => lokiRecords(stack.urls.loki, '{service_name="unlucky"}'),
    (held) => held.length >= sent.length,
  )
  const lines = Array.from({ length: sent.length }, (_, n) => `record ${Math.floor(n / PER_BATCH)}.${n % PER_BATCH}`)
  expect(records.map(({ line }) => line).toSorted()).toEqual(lines.toSorted())
})
