import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT_CONTEXT, SpanStatusCode, trace, type Attributes, type Context, type Span } from '@opentelemetry/api'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import { faultCounts } from '@agentel/api'
import { enricherProcessor } from '@agentel/processor-kit'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing'
import { afterEach, expect, it } from 'vitest'
import { anomalyEnricher, type AnomalyEnricher, type AnomalyEnricherOptions, type Incident } from '../src/index.ts'

const SECOND = 1000
const HOUR = 3_600_000
const START = Date.parse('2026-06-01T00:00:00Z')

let telemetry: TestTelemetry | undefined
let enricher: AnomalyEnricher | undefined
const folders: string[] = []

afterEach(async () => {
  await enricher?.shutdown?.()
  await telemetry?.shutdown()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function start(options: AnomalyEnricherOptions = {}): Incident[] {
  const found: Incident[] = []
  enricher = anomalyEnricher({ onDetected: (incident) => found.push(incident), ...options })
  telemetry = createTestTelemetry({ spanProcessors: [enricherProcessor([enricher]) as unknown as SpanProcessor] })
  return found
}

interface Work {
  /** ms since the epoch. */
  at: number
  ms?: number
  failed?: boolean
}

function operation(
  name: string,
  attributes: Attributes,
  { at, ms = 1, failed = false }: Work,
  parent: Context = ROOT_CONTEXT,
): Span {
  const span = trace.getTracer('test').startSpan(name, { attributes, startTime: at }, parent)
  if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end(at + ms)
  return span
}

const noise = (i: number, k: number) => 1 + 0.25 * Math.sin(i * 12.9898 * k) + 0.15 * Math.sin(i * 78.233 * k)

/** One run of an agent: the agent around a call of a model and a call of a tool. */
function run(
  i: number,
  at: number,
  change: { tokens?: number; slow?: number; toolFails?: boolean; calls?: number } = {},
  agent = 'researcher',
): void {
  const outer = trace
    .getTracer('test')
    .startSpan(
      `invoke_agent ${agent}`,
      { attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': agent }, startTime: at },
      ROOT_CONTEXT,
    )
  const inside = trace.setSpan(ROOT_CONTEXT, outer)
  for (let call = 0; call < (change.calls ?? 1); call++) {
    const input = Math.round(800 * noise(i, 1) * (change.tokens ?? 1))
    const output = Math.round(200 * noise(i, 2))
    const chat = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.agent.name': agent,
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.usage.input_tokens': input,
      'gen_ai.usage.output_tokens': output,
      'agentel.cost.amount': (input + 4 * output) * 2.5e-6,
    }
    operation('chat gpt-4o', chat, { at: at + call * 40, ms: 900 * noise(i, 3) * (change.slow ?? 1) }, inside)
  }
  const tool = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.agent.name': agent, 'gen_ai.tool.name': 'web_search' }
  operation(
    'execute_tool web_search',
    tool,
    { at: at + 950, ms: 200 * noise(i, 4), failed: change.toolFails ?? false },
    inside,
  )
  outer.end(at + 1500)
}

/** A day of a run every ten seconds. */
function learn(seconds = 24 * 3600): number {
  let i = 0
  for (let at = START; at < START + seconds * SECOND; at += 10 * SECOND) run(i++, at)
  return START + seconds * SECOND
}

function events(name: string) {
  return telemetry!.logs().filter((record) => record.eventName === name)
}

it('says nothing about a day of ordinary traffic', () => {
  const found = start()
  learn()
  expect(found).toEqual([])
  expect(telemetry!.logs()).toEqual([])
})

it('reports a token blow-up once: event with trace, counter, score on the span, then its end', async () => {
  start()
  const now = learn(3 * 3600)
  telemetry!.reset()
  for (let i = 0; i < 10; i++) run(i, now + i * 10 * SECOND, { tokens: 5 })
  const [detected, ...more] = events('agentel.anomaly.detected')
  expect(more).toEqual([])
  const marked = telemetry!.spans().filter((span) => 'agentel.anomaly.score' in span.attributes)
  expect(marked).toHaveLength(1)
  const score = marked[0]!.attributes['agentel.anomaly.score']
  expect(detected!.attributes).toEqual({
    'gen_ai.agent.name': 'researcher',
    'agentel.anomaly.detector': 'shift',
    'agentel.anomaly.signal.name': 'input_tokens',
    'agentel.anomaly.score': score,
    'agentel.anomaly.threshold': expect.closeTo(0.181, 3),
    'agentel.anomaly.observed_value': expect.any(Number),
    'agentel.anomaly.expected_value': expect.closeTo(780, -2),
    'agentel.anomaly.severity': 'high',
    'agentel.anomaly.explanation': expect.stringMatching(
      /^researcher: prompts have grown to [\d.]+ times their usual length\.$/,
    ),
  })
  expect(detected!.spanContext).toMatchObject({
    traceId: marked[0]!.spanContext().traceId,
    spanId: marked[0]!.spanContext().spanId,
  })

  for (let i = 0; i < 60; i++) run(i, now + (i + 10) * 10 * SECOND)
  const [ended] = events('agentel.anomaly.ended')
  expect(ended!.attributes).toMatchObject({
    'agentel.anomaly.signal.name': 'input_tokens',
    'agentel.duration': expect.any(Number),
  })
  expect(ended!.attributes!['agentel.duration']).toBeGreaterThan(60)

  const metrics = await telemetry!.metrics()
  const of = (name: string) => metrics.find((metric) => metric.descriptor.name === name)!.dataPoints
  const attributes = {
    'agentel.anomaly.detector': 'shift',
    'agentel.anomaly.signal.name': 'input_tokens',
    'agentel.anomaly.severity': 'high',
    'gen_ai.agent.name': 'researcher',
  }
  expect(of('agentel.anomalies')).toMatchObject([{ value: 1, attributes }])
  expect(of('agentel.anomaly.score')).toMatchObject([{ value: 0, attributes }])
})

it.each([
  ['a tool outage', { toolFails: true }, 'tool_error_rate'],
  ['a loop', { calls: 60 }, 'loop'],
  ['a token blow-up', { tokens: 4 }, 'input_tokens'],
  ['a slow model', { slow: 5 }, 'duration'],
])('reports %s within ten runs of its start', (_what, change, signal) => {
  const found = start()
  const now = learn(3 * 3600)
  for (let i = 0; i < 10; i++) run(i, now + i * 10 * SECOND, change)
  expect(found.map((incident) => incident.first.signal)).toEqual([signal])
  expect(found[0]!.agent).toBe('researcher')
})

it('reports an agent that has gone silent, though another goes on', () => {
  const found = start()
  let i = 0
  for (let at = START; at < START + 20 * HOUR; at += 10 * SECOND) {
    run(i, at)
    run(i++, at + 5 * SECOND, {}, 'writer')
  }
  const now = START + 20 * HOUR
  for (let at = now; at < now + 300 * SECOND; at += 10 * SECOND) run(i++, at, {}, 'writer')
  expect(found.map((incident) => [incident.agent, incident.first.signal])).toEqual([['researcher', 'silence']])
})

it('closes traces whose root is no agent, and does not mistake inner runs for the end', () => {
  const found = start()
  let i = 0
  for (let at = START; at < START + 3 * HOUR; at += 10 * SECOND) {
    const root = trace
      .getTracer('test')
      .startSpan(
        'invoke_workflow desk',
        { attributes: { 'gen_ai.operation.name': 'invoke_workflow' }, startTime: at },
        ROOT_CONTEXT,
      )
    const inside = trace.setSpan(ROOT_CONTEXT, root)
    for (let call = 0; call < 3; call++)
      operation(
        'chat m',
        {
          'gen_ai.operation.name': 'chat',
          'gen_ai.agent.name': 'writer',
          'gen_ai.usage.input_tokens': 100,
          'gen_ai.usage.output_tokens': 50,
        },
        { at, ms: 500 * noise(i++, 1) },
        inside,
      )
    root.end(at + 2000)
  }
  expect(found).toEqual([])
  expect(enricher!.summary()).toMatchObject({ agents: 1, evictedTraces: 0 })
})

it('takes numbers that no span has', () => {
  const found = start()
  for (let i = 0; i < 200; i++)
    enricher!.observe('queue_size', 4 + noise(i, 1), { agent: 'writer', time: START + i * SECOND, floor: 1 })
  for (let i = 200; i < 210; i++)
    enricher!.observe('queue_size', 60, { agent: 'writer', time: START + i * SECOND, floor: 1 })
  expect(found.map((incident) => incident.first.signal)).toEqual(['queue_size'])
})

it('keeps what it has learned over a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentel-anomaly-'))
  folders.push(folder)
  const stateFile = join(folder, 'deep', 'anomaly.json')
  start({ stateFile })
  const now = learn(3 * 3600)
  await enricher!.shutdown!()
  await telemetry!.shutdown()

  const found = start({ stateFile })
  for (let i = 0; i < 6; i++) run(i, now + i * 10 * SECOND, { tokens: 5 })
  expect(found.map((incident) => incident.first.signal)).toEqual(['input_tokens'])
})

it('says which state file it cannot read, and what to do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentel-anomaly-'))
  folders.push(folder)
  const stateFile = join(folder, 'anomaly.json')
  writeFileSync(stateFile, '{}')
  expect(() => anomalyEnricher({ stateFile })).toThrow(
    `${stateFile} is not a state of the anomaly processor; delete it to start anew`,
  )
  expect(readFileSync(stateFile, 'utf8')).toBe('{}')
})

it('takes a new level for normal within minutes of a deploy', async () => {
  const levels = (versions: [string, string]) => {
    const ended: number[] = []
    const own = anomalyEnricher({ onEnded: (incident) => ended.push(incident.endedAt! - incident.startedAt) })
    const span = (i: number, version: string, ms: number) =>
      ({
        name: 'chat m',
        kind: 2,
        attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.agent.name': 'a', 'gen_ai.usage.output_tokens': 100 },
        status: { code: 0 },
        events: [],
        links: [],
        startTime: [START / 1000 + i * 10, 0],
        endTime: [START / 1000 + i * 10 + 1, 0],
        duration: [0, ms * 1e6],
        instrumentationScope: { name: 't' },
        resource: { attributes: { 'service.version': version } },
        spanContext: () => ({ traceId: `${i}`, spanId: `${i}`, traceFlags: 1 }),
        setAttribute() {},
      }) as unknown as ReadableSpan
    for (let i = 0; i < 1000; i++) own.onEnding!(span(i, versions[0], 500 * noise(i, 1)) as never)
    for (let i = 1000; i < 1600; i++) own.onEnding!(span(i, versions[1], 2000 * noise(i, 1)) as never)
    return { ended, own }
  }
  const deployed = levels(['1.0.0', '1.1.0'])
  const same = levels(['1.0.0', '1.0.0'])
  expect(deployed.ended).toHaveLength(1)
  expect(deployed.ended[0]).toBeLessThan(11 * 60 * SECOND)
  expect(same.ended).toHaveLength(1)
  expect(same.ended[0]).toBeGreaterThanOrEqual(HOUR)
  await Promise.all([deployed.own.shutdown!(), same.own.shutdown!()])
})

it('survives a callback that throws', () => {
  const before = faultCounts()['anomaly.onDetected'] ?? 0
  start({
    onDetected: () => {
      throw new Error('callback')
    },
  })
  const now = learn(3600)
  for (let i = 0; i < 6; i++) run(i, now + i * 10 * SECOND, { tokens: 5 })
  expect(faultCounts()['anomaly.onDetected']).toBe(before + 1)
  expect(events('agentel.anomaly.detected')).toHaveLength(1)
})
