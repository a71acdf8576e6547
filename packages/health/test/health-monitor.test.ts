import { ROOT_CONTEXT, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api'
import type { SpanProcessor } from '@opentelemetry/sdk-trace'
import { enricherProcessor } from '@agentel/processor-kit'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing'
import { afterEach, expect, it } from 'vitest'
import { createHealthMonitor, type HealthMonitor, type HealthMonitorOptions } from '../src/index.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let time = Date.parse('2026-06-01T00:00:00Z')
let telemetry: TestTelemetry
let health: HealthMonitor
afterEach(async () => {
  health.close()
  await telemetry.shutdown()
})

function start(options: HealthMonitorOptions = {}): void {
  health = createHealthMonitor({ now: () => time, ...options })
  telemetry = createTestTelemetry({
    spanProcessors: [enricherProcessor([health.enricher]) as unknown as SpanProcessor],
  })
}

function run(attributes: Attributes, error?: string, ms = 10): void {
  const span = trace.getTracer('test').startSpan('run', { attributes, startTime: time - ms }, ROOT_CONTEXT)
  if (error !== undefined) span.setAttribute('error.type', error).setStatus({ code: SpanStatusCode.ERROR })
  span.end(time)
}

const agent = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'researcher' }
const call = { 'gen_ai.operation.name': 'chat', 'gen_ai.agent.name': 'researcher' }
const worker = { 'agentel.worker.name': 'indexer' }

function runs(attributes: Attributes, succeeding: number, failing: number): void {
  for (let i = 0; i < failing; i++) run(attributes, 'timeout')
  for (let i = 0; i < succeeding; i++) run(attributes)
}

async function stateOf(kind: 'agents' | 'workers' = 'agents'): Promise<[string, readonly string[]]> {
  const first = (await health.report())[kind][0]!
  return [first.state, first.issues]
}

it.each([
  [19, 1, 'healthy', []],
  [94, 6, 'degraded', ['6 of 100 runs failed: success is below 95 %']],
  [18, 2, 'degraded', ['2 of 20 runs failed: success is below 95 %']],
  [17, 3, 'unhealthy', ['3 of 20 runs failed: success is below 90 %']],
  [7, 2, 'healthy', []],
])('of an agent with %i runs that succeeded and %i that failed is %s', async (succeeding, failing, state, issues) => {
  start()
  runs(agent, succeeding, failing)
  expect(await stateOf()).toEqual([state, issues])
})

it.each([
  [5000, 'healthy', []],
  [5100, 'degraded', ['the p95 of its model calls took 5.1 s, more than 5 s']],
  [10_100, 'unhealthy', ['the p95 of its model calls took 10.1 s, more than 10 s']],
])('of an agent whose model calls take %i ms is %s', async (ms, state, issues) => {
  start()
  runs(agent, 10, 0)
  for (let i = 0; i < 19; i++) run(call, undefined, 100)
  run(call, undefined, 60_000)
  expect(await stateOf()).toEqual(['healthy', []])
  for (let i = 0; i < 20; i++) run(call, undefined, ms)
  run(call, 'timeout', 60_000)
  expect((await health.report()).agents).toEqual([
    { name: 'researcher', state, issues, lastSeen: new Date(time).toISOString(), runs: 10, failed: 0, p95Ms: ms },
  ])
})

it('of an agent whose runs fail one after the other is unhealthy before there are many, and cancelled ones do not count', async () => {
  start()
  runs(agent, 2, 0)
  runs(agent, 0, 2)
  run(agent, 'cancelled')
  expect(await stateOf()).toEqual(['healthy', []])
  run(agent, 'rate_limit')
  expect(await stateOf()).toEqual(['unhealthy', ['the last 3 runs failed, the last with rate_limit']])
  run(agent)
  expect(await stateOf()).toEqual(['healthy', []])
})

it('forgets runs that are older than the window, and components that were not seen for a day', async () => {
  start()
  runs(agent, 5, 5)
  expect((await stateOf())[0]).toBe('unhealthy')
  time += HOUR + 1
  expect(await stateOf()).toEqual(['healthy', []])
  time += DAY
  expect((await health.report()).agents).toEqual([])
})

it('of a worker is failed or degraded, with its issues and when it was last seen, and slow work alone is no failure', async () => {
  start()
  runs(worker, 9, 1)
  const seen = new Date(time).toISOString()
  time += MINUTE
  expect((await health.report()).workers).toEqual([
    {
      name: 'indexer',
      state: 'degraded',
      issues: ['1 of 10 runs failed: success is below 95 %'],
      lastSeen: seen,
      runs: 10,
      failed: 1,
      p95Ms: 10,
    },
  ])
  for (let i = 0; i < 40; i++) run(worker, undefined, 30_000)
  expect(await stateOf('workers')).toEqual(['degraded', ['the p95 of its executions took 30 s, more than 5 s']])
  runs(worker, 0, 3)
  expect((await stateOf('workers'))[0]).toBe('failed')
  expect((await health.report()).state).toBe('unhealthy')
})

it('of one that has said that it lives is bad when it no longer does', async () => {
  start()
  health.heartbeat({ worker: 'indexer', everyMs: 10_000 })
  time += 30_000
  expect(await stateOf('workers')).toEqual(['healthy', []])
  time += 1000
  expect(await stateOf('workers')).toEqual(['failed', ['no heartbeat for 31 s, though one is due every 10 s']])
  health.heartbeat({ worker: 'indexer' })
  time += 90_000
  expect(await stateOf('workers')).toEqual(['healthy', []])
  time += 1
  expect((await stateOf('workers'))[0]).toBe('failed')
})

it.each([
  [0, 'healthy', []],
  [5001, 'degraded', ['the ping took 5 s, more than 5 s']],
  [10_500, 'unhealthy', ['the ping took 10.5 s, more than 10 s']],
])('of an agent whose ping takes %i ms is %s, with the time', async (ms, state, issues) => {
  start()
  const stop = health.addPing({ agent: 'researcher', ping: () => void (time += ms) })
  expect((await health.report()).agents).toEqual([
    { name: 'researcher', state, issues, lastSeen: new Date(time).toISOString(), runs: 0, failed: 0, pingMs: ms },
  ])
  stop()
  expect(await stateOf()).toEqual(['healthy', []])
})

it('keeps the time at which an agent was last seen when its ping fails, and does not forget it', async () => {
  start()
  const seen = new Date(time).toISOString()
  health.addPing({ agent: 'researcher', ping: () => 'asleep', cacheMs: 0 })
  time += 2 * DAY
  expect((await health.report()).agents).toMatchObject([
    { lastSeen: seen, state: 'unhealthy', issues: ['ping: asleep'] },
  ])
})

it('is an event when it changes, WARN to worse and INFO when all is well again, with the agent', async () => {
  start({ minimumRuns: 4, thresholds: { degradedBelow: 0.8, unhealthyBelow: 0.5 } })
  let problem: string | undefined
  health.addDependency({ name: 'model', check: () => problem, cacheMs: 0 })
  runs(agent, 3, 1)
  await health.report()
  await health.report()
  runs(agent, 5, 0)
  problem = 'it answers 503'
  await health.report()
  problem = undefined
  await health.report()
  expect(
    telemetry.logs().map(({ eventName, severityNumber, attributes }) => [eventName, severityNumber, attributes]),
  ).toEqual([
    [
      'agentel.health.changed',
      13,
      {
        'agentel.component.name': 'agent researcher',
        'agentel.health.previous_state': 'healthy',
        'agentel.health.state': 'degraded',
        'agentel.health.issues': ['1 of 4 runs failed: success is below 80 %'],
        'gen_ai.agent.name': 'researcher',
      },
    ],
    [
      'agentel.health.changed',
      9,
      {
        'agentel.component.name': 'agent researcher',
        'agentel.health.previous_state': 'degraded',
        'agentel.health.state': 'healthy',
        'agentel.health.issues': [],
        'gen_ai.agent.name': 'researcher',
      },
    ],
    [
      'agentel.health.changed',
      13,
      {
        'agentel.component.name': 'dependency model',
        'agentel.health.previous_state': 'healthy',
        'agentel.health.state': 'unhealthy',
        'agentel.health.issues': ['it answers 503'],
      },
    ],
    [
      'agentel.health.changed',
      9,
      {
        'agentel.component.name': 'dependency model',
        'agentel.health.previous_state': 'unhealthy',
        'agentel.health.state': 'healthy',
        'agentel.health.issues': [],
      },
    ],
  ])
})

it('is two metrics with one series for each state, judged when they are collected', async () => {
  start()
  runs(agent, 5, 5)
  runs(worker, 10, 0)
  const metrics = await telemetry.metrics()
  const series = metrics.map(({ descriptor, dataPoints }) => [
    descriptor.name,
    descriptor.unit,
    dataPoints.map(({ attributes, value }) => [attributes, value]),
  ])
  expect(series).toEqual([
    [
      'agentel.agent.health',
      '{agent}',
      [
        [{ 'agentel.health.state': 'healthy', 'gen_ai.agent.name': 'researcher' }, 0],
        [{ 'agentel.health.state': 'degraded', 'gen_ai.agent.name': 'researcher' }, 0],
        [{ 'agentel.health.state': 'unhealthy', 'gen_ai.agent.name': 'researcher' }, 1],
      ],
    ],
    [
      'agentel.worker.health',
      '{worker}',
      [
        [{ 'agentel.health.state': 'healthy', 'agentel.worker.name': 'indexer' }, 1],
        [{ 'agentel.health.state': 'degraded', 'agentel.worker.name': 'indexer' }, 0],
        [{ 'agentel.health.state': 'failed', 'agentel.worker.name': 'indexer' }, 0],
      ],
    ],
  ])
  health.close()
  runs(agent, 200, 0)
  const [agents] = await telemetry.metrics()
  expect(agents?.dataPoints.map(({ value }) => value)).toEqual([0, 0, 1])
})

it('watches so many and no more, and says how many it does not', async () => {
  start({ maxComponents: 2 })
  for (const name of ['a', 'b', 'c']) health.heartbeat({ agent: name })
  health.addPing({ worker: 'd', ping: () => undefined })()
  const { agents, workers, unwatched } = await health.report()
  expect([agents.map(({ name }) => name), workers, unwatched]).toEqual([['a', 'b'], [], 2])
})

it('looks by itself again and again, and not after it was closed', async () => {
  let looks = 0
  start({ intervalMs: 5 })
  health.addDependency({ name: 'model', check: () => void looks++, cacheMs: 0 })
  while (looks < 3) await new Promise((resolve) => setTimeout(resolve, 5))
  health.close()
  await new Promise(setImmediate)
  const then = looks
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(looks).toBe(then)
})

it('is told though spans have an end or a duration that is none, or that is to come', async () => {
  start()
  for (const end of [Number.NaN, time * 1e6, new Date('never')]) {
    trace.getTracer('test').startSpan('run', { attributes: agent, startTime: time }, ROOT_CONTEXT).end(end)
    trace.getTracer('test').startSpan('run', { attributes: worker, startTime: time }, ROOT_CONTEXT).end(end)
  }
  const { agents, workers } = await health.report()
  for (const { lastSeen, runs: count } of [agents[0]!, workers[0]!])
    expect([lastSeen, count]).toEqual([new Date(time).toISOString(), 3])
})

it('takes the duration of a call as none where it is no number', async () => {
  start()
  for (const end of [Number.NaN, new Date('never')])
    trace.getTracer('test').startSpan('chat', { attributes: call, startTime: time }, ROOT_CONTEXT).end(end)
  expect((await health.report()).agents[0]!.p95Ms).toBe(0)
})

it('of one that stopped to live is bad in time though the clock was set back', async () => {
  start()
  health.heartbeat({ worker: 'indexer', everyMs: 1000 })
  time -= HOUR
  expect((await stateOf('workers'))[0]).toBe('healthy')
  time += 3001
  expect(await stateOf('workers')).toEqual(['failed', ['no heartbeat for 3 s, though one is due every 1 s']])
})
