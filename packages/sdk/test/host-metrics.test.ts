import { findMetric } from '@agentel/semconv/registry/metrics'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readProc } from '../src/process-files.ts'
import { startOtlpSink, type OtlpSink } from './otlp-sink.ts'
import { runApp } from './run-app.ts'

let sink: OtlpSink
beforeEach(async () => {
  sink = await startOtlpSink()
})
afterEach(() => sink.close())

interface Point {
  readonly name: string
  readonly attributes: Record<string, unknown>
  readonly value: number
}

interface MetricRequest {
  resourceMetrics: { scopeMetrics: { metrics: Record<string, unknown>[] }[] }[]
}

/** The points of one export, without histograms. */
function pointsOf(body: Buffer): Point[] {
  const request = JSON.parse(body.toString()) as MetricRequest
  const metrics = request.resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
  return metrics.flatMap((metric) => {
    const data = (metric.sum ?? metric.gauge) as { dataPoints: Record<string, unknown>[] } | undefined
    return (data?.dataPoints ?? []).map(({ attributes, asInt, asDouble }) => ({
      name: String(metric.name),
      attributes: Object.fromEntries(
        ((attributes ?? []) as { key: string; value: object }[]).map(({ key, value }) => [
          key,
          Object.values(value)[0],
        ]),
      ),
      value: Number(asInt ?? asDouble),
    }))
  })
}

/** All exports of a run of the fixture, as they came. */
async function exportsOf(env: Record<string, string>): Promise<Point[][]> {
  const run = await runApp('owned-thread.mjs', {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      ...env,
    },
  })
  expect(run).toMatchObject({ code: 0, stderr: '' })
  return sink.received.filter(({ path }) => path === '/v1/metrics').map(({ body }) => pointsOf(body))
}

const valueOf = (points: readonly Point[], name: string, attribute?: string) =>
  points.find((one) => one.name === name && (!attribute || Object.values(one.attributes).includes(attribute)))?.value ??
  Number.NaN

const ownersOf = (points: readonly Point[]) => [
  ...new Set(points.map(({ attributes }) => attributes['gen_ai.agent.name'])),
]

/** What an agent can own, in contrast to our own counts and the file system that all share. */
const isFigure = ({ name }: Point) => /^(process|nodejs|v8js|agentel\.process|agentel\.thread)\./.test(name)

describe('the figures of a process', () => {
  it('hold disk, connections, network, threads and peaks', async () => {
    const [first = [], last = []] = await exportsOf({})
    expect(valueOf(first, 'process.network.io', 'receive')).toBeGreaterThanOrEqual(6000)
    expect(valueOf(first, 'process.network.io', 'transmit')).toBeGreaterThanOrEqual(6000)
    expect(valueOf(first, 'agentel.process.connections')).toBeGreaterThanOrEqual(2)
    expect(valueOf(last, 'agentel.process.connections')).toBeLessThan(valueOf(first, 'agentel.process.connections'))
    expect(valueOf(last, 'agentel.process.connections.peak')).toBeGreaterThanOrEqual(2)
    // What was sent over connections that are closed by now is not forgotten.
    expect(valueOf(last, 'process.network.io', 'receive')).toBeGreaterThanOrEqual(6000)
    expect(valueOf(first, 'agentel.process.memory.peak')).toBeGreaterThanOrEqual(
      valueOf(first, 'process.memory.usage') * 0.5,
    )
    expect(valueOf(last, 'agentel.process.cpu.peak')).toBeGreaterThan(0)
    expect(valueOf(last, 'agentel.process.cpu.peak')).toBeGreaterThanOrEqual(
      valueOf(last, 'process.cpu.utilization', 'user') + valueOf(last, 'process.cpu.utilization', 'system') - 1e-9,
    )
    const [used, free] = ['used', 'free'].map((state) => valueOf(last, 'system.filesystem.usage', state))
    expect(valueOf(last, 'system.filesystem.utilization')).toBeCloseTo(used! / (used! + free!), 6)
    for (const { name } of first) expect(findMetric(name), name).toBeDefined()
  })

  it('hold disk and threads as Linux tells them', async () => {
    const [first = []] = await exportsOf({})
    const known = process.platform === 'linux'
    expect(valueOf(first, 'process.disk.io', 'write') >= 0).toBe(known)
    expect(valueOf(first, 'process.thread.count') > 1).toBe(known)
    expect(readProc('/nowhere')).toBeUndefined()
  })

  it("are no agent's when nobody says so, and those of a worker thread are not told", async () => {
    const all = (await exportsOf({})).flat()
    expect(all.length).toBeGreaterThan(20)
    expect(ownersOf(all)).toEqual([undefined])
    expect(all.filter(({ name }) => name === 'agentel.thread.cpu.time')).toEqual([])
  })

  it('belong to the agent that owns the process, CPU, memory, network, threads and event loop, and no others', async () => {
    const [first = []] = await exportsOf({ AGENTEL_HOST_METRICS_AGENT: 'planner' })
    const [own, others] = [first.filter(isFigure), first.filter((point) => !isFigure(point))]
    expect(ownersOf(own)).toEqual(['planner'])
    expect(ownersOf(others)).toEqual([undefined])
    const names = new Set(own.map(({ name }) => name))
    for (const name of [
      'process.cpu.time',
      'process.memory.usage',
      'process.network.io',
      'nodejs.eventloop.utilization',
    ])
      expect(names).toContain(name)
  })

  it('of a worker thread are those of the agent that owns it, beside those of the process', async () => {
    const all = await exportsOf({ APP_WORKER_AGENT: 'crawler', AGENTEL_HOST_METRICS_AGENT: 'planner' })
    const crawler = all.flat().filter(({ attributes }) => attributes['gen_ai.agent.name'] === 'crawler')
    const names = new Set(crawler.map(({ name }) => name))
    for (const name of ['v8js.memory.heap.used', 'nodejs.eventloop.utilization', 'process.network.io'])
      expect(names).toContain(name)
    expect(names).not.toContain('process.cpu.time')
    if ('threadCpuUsage' in process) expect(valueOf(crawler, 'agentel.thread.cpu.time', 'user')).toBeGreaterThan(0)
  })
})
