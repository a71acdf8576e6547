/** The demo's agents send to the collector; each span, metric and log record is looked for in the backend it belongs to. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallFigures } from '../../packages/demo/src/stage/figures.ts'
import { eventually, exemplarTraces, jaegerSpans, lokiRecords, prometheusValue } from './backends.ts'
import { runDemoTraffic } from './demo-traffic.ts'
import { ownStack } from './own-stack.ts'
import { type MetricTotal, type RecordingProxy, startRecordingProxy } from './recording-proxy.ts'

const stack = await ownStack('stack')
let proxy: RecordingProxy
let ledger: CallFigures

beforeAll(async () => {
  proxy = await startRecordingProxy(stack.urls.otlp)
  ledger = await runDemoTraffic(proxy.url, 24)
})
afterAll(async () => {
  await proxy?.close()
})

const UNITS: Readonly<Record<string, string>> = { s: '_seconds', ms: '_milliseconds', By: '_bytes' }

/** The names that the collector's Prometheus exporter gives a metric. */
function prometheusName({ name, unit, kind }: MetricTotal): string {
  const plain = unit.startsWith('{') || unit === '' || unit === '1' ? '' : (UNITS[unit] ?? `_${unit}`)
  const base = name.replaceAll('.', '_')
  const stem = base.endsWith(plain) ? base : base + plain
  if (kind === 'histogram') return stem
  return stem.endsWith('_total') ? stem : `${stem}_total`
}

function tally(names: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

const everything = (): Promise<{ line: string; labels: Readonly<Record<string, string>> }[]> =>
  lokiRecords(stack.urls.loki, '{service_name=~".+"}')

describe('what the demo sends through the collector', () => {
  it('is in Jaeger, span for span', async () => {
    const sent = proxy.spans().toSorted()
    const traceIds = sent.map((id) => id.split('/')[0]!)
    expect(sent.length).toBeGreaterThan(200)
    const held = await eventually(
      () => jaegerSpans(stack.urls.jaeger, traceIds),
      (spans) => spans.length >= sent.length,
    )
    expect(held.toSorted()).toEqual(sent)
  })

  it('is in Loki, record for record, and each record leads to its trace', async () => {
    const sent = proxy.logs()
    expect(sent.length).toBeGreaterThan(20)
    const held = await eventually(everything, (records) => records.length >= sent.length)
    expect(tally(held.map(({ labels }) => `${labels['event_name'] ?? ''} ${labels['trace_id'] ?? ''}`))).toEqual(
      tally(sent.map(({ event, traceId }) => `${event} ${traceId}`)),
    )
    const spans = await jaegerSpans(stack.urls.jaeger, [
      held.find(({ labels }) => labels['trace_id'])!.labels['trace_id']!,
    ])
    expect(spans.length).toBeGreaterThan(0)
  })

  it('is in Prometheus, metric for metric, with the same sums', async () => {
    const totals = proxy.metrics()
    expect(totals.length).toBeGreaterThan(5)
    const expected: Record<string, number> = {}
    for (const total of totals) {
      const name = prometheusName(total)
      if (total.kind === 'counter') expected[name] = total.sum
      else Object.assign(expected, { [`${name}_sum`]: total.sum, [`${name}_count`]: total.count })
    }
    const ask = async (): Promise<Record<string, number | undefined>> =>
      Object.fromEntries(
        await Promise.all(
          Object.keys(expected).map(async (name) => [
            name,
            await prometheusValue(stack.urls.prometheus, `sum(${name}{service_name=~"research.*"})`),
          ]),
        ),
      )
    const close = (left: number | undefined, right: number): boolean =>
      left !== undefined && Math.abs(left - right) <= 1e-9 * Math.max(1, Math.abs(right))
    const held = await eventually(ask, (answer) =>
      Object.entries(expected).every(([name, value]) => close(answer[name], value)),
    )
    const differing = Object.entries(expected).filter(([name, value]) => !close(held[name], value))
    expect(differing.map(([name, value]) => `${name}: ${held[name]} in Prometheus, ${value} sent`)).toEqual([])
  })

  it("agrees with the model server's ledger on calls, tokens and dollars", async () => {
    const total = async (name: string): Promise<number> =>
      (await prometheusValue(stack.urls.prometheus, `sum(${name})`)) ?? 0
    expect({
      calls:
        (await total('gen_ai_client_inference_duration_seconds_count')) +
        (await total('gen_ai_client_operation_duration_seconds_count{gen_ai_operation_name="embeddings"}')),
      inputTokens: await total('gen_ai_client_inference_usage_input_tokens_total'),
      outputTokens: await total('gen_ai_client_inference_usage_output_tokens_total'),
      cost: await total('agentel_client_inference_usage_cost_total'),
    }).toEqual({
      calls: ledger.calls,
      inputTokens: ledger.inputTokens,
      outputTokens: ledger.outputTokens,
      cost: expect.closeTo(ledger.cost, 9),
    })
  })

  it('has exemplars that open their traces', async () => {
    const query = 'traces_span_metrics_duration_seconds_bucket'
    const traces = await eventually(
      () => exemplarTraces(stack.urls.prometheus, query),
      (ids) => ids.length > 0,
    )
    const sent = new Set(proxy.spans().map((id) => id.split('/')[0]))
    expect(traces.length).toBeGreaterThan(0)
    expect(traces.filter((id) => !sent.has(id))).toEqual([])
    expect((await jaegerSpans(stack.urls.jaeger, traces.slice(0, 1))).length).toBeGreaterThan(0)
  })
})
