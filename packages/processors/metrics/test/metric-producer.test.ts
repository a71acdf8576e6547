import { readFileSync } from 'node:fs'
import { SpanKind, type Attributes } from '@opentelemetry/api'
import { findMetric } from '@agentel/semconv/registry'
import type { MetricData, MetricProducer } from '@opentelemetry/sdk-metrics'
import { afterEach, expect, it, vi } from 'vitest'
import { metricsEnricher } from '../src/index.ts'
import { SCOPE_NAME, SCOPE_VERSION } from '../src/version.ts'
import { CHAT, type MetricsSetUp, setUp, span, START } from './spans.ts'

let test: MetricsSetUp | undefined
afterEach(() => {
  vi.useRealTimers()
  return test?.telemetry.shutdown()
})

const chat = (seconds = 1, more: Attributes = {}) =>
  span('chat', { ...CHAT, ...more }, { kind: SpanKind.CLIENT, seconds })
const DURATION = 'gen_ai.client.inference.duration'
const INPUT = 'gen_ai.client.inference.usage.input_tokens'

it('takes name and version of its scope from package.json', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    name: string
    version: string
  }
  expect([SCOPE_NAME, SCOPE_VERSION]).toEqual([name, version])
})

it('is a MetricProducer of the SDK and emits unit, buckets and description of the registry', async () => {
  test = setUp()
  const producer: MetricProducer = test.metrics.metricProducer()
  chat(0.3)
  const { resourceMetrics, errors } = await producer.collect()
  expect(errors).toEqual([])
  const metric = resourceMetrics.scopeMetrics[0]?.metrics.find(({ descriptor }) => descriptor.name === DURATION)
  expect(metric).toEqual({
    descriptor: {
      name: DURATION,
      unit: 's',
      description: findMetric(DURATION)?.brief,
      valueType: 1,
      type: 'HISTOGRAM',
    },
    aggregationTemporality: 1,
    dataPointType: 0,
    dataPoints: [
      {
        attributes: CHAT,
        startTime: expect.any(Array),
        endTime: expect.any(Array),
        value: {
          buckets: { boundaries: findMetric(DURATION)?.buckets, counts: [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
          count: 1,
          sum: 0.3,
          min: 0.3,
          max: 0.3,
        },
      },
    ],
  })
})

const find = (metrics: readonly MetricData[], name: string) =>
  metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? []

it('tells a delta reader what came since its last time, and each reader has its own last time', async () => {
  test = setUp()
  const delta: MetricProducer = test.metrics.metricProducer({ temporality: 'delta' })
  const collect = async () => (await delta.collect()).resourceMetrics.scopeMetrics[0]?.metrics ?? []
  chat(1, { 'gen_ai.usage.input_tokens': 10 })
  const first = await collect()
  expect(find(first, INPUT)).toMatchObject([{ value: 10 }])
  expect(find(first, DURATION)).toMatchObject([{ value: { count: 1, sum: 1 } }])
  expect(await collect()).toMatchObject([{ descriptor: { name: 'agentel.operation.active' } }])
  chat(2, { 'gen_ai.usage.input_tokens': 5 })
  const third = await collect()
  expect(find(third, INPUT)).toMatchObject([{ value: 5 }])
  expect(find(third, DURATION)).toMatchObject([
    { value: { count: 1, sum: 2, buckets: { counts: [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0] } } },
  ])
  expect(find(third, DURATION)[0]?.value).not.toHaveProperty('max')
  expect(await test.points(INPUT)).toMatchObject([{ value: 15 }])
})

it('tells from when to when: a total since its row began, a delta since the last time or, later, since its row began', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: START })
  test = setUp()
  const total: MetricProducer = test.metrics.metricProducer()
  const delta: MetricProducer = test.metrics.metricProducer({ temporality: 'delta' })
  const told = async (producer: MetricProducer) => {
    const { resourceMetrics } = await producer.collect()
    return find(resourceMetrics.scopeMetrics[0]?.metrics ?? [], INPUT).map(
      ({ attributes, startTime, endTime, value }) => {
        const since = ([seconds, nanoseconds]: [number, number]) => seconds - START / 1000 + nanoseconds / 1e9
        return [attributes['gen_ai.request.model'], since(startTime), since(endTime), value]
      },
    )
  }
  const counted = async (at: number, model: string, tokens: number) => {
    vi.setSystemTime(START + at)
    chat(1, { 'gen_ai.request.model': model, 'gen_ai.usage.input_tokens': tokens })
    await new Promise(setImmediate)
  }
  await counted(1500, 'a', 10)
  vi.setSystemTime(START + 3000)
  expect([await told(total), await told(delta)]).toEqual([[['a', 1.5, 3, 10]], [['a', 1.5, 3, 10]]])
  await counted(4250, 'b', 7)
  await counted(4500, 'a', 5)
  vi.setSystemTime(START + 5000)
  expect(await told(total)).toEqual([
    ['a', 1.5, 5, 15],
    ['b', 4.25, 5, 7],
  ])
  expect(await told(delta)).toEqual([
    ['a', 3, 5, 5],
    ['b', 4.25, 5, 7],
  ])
})

it('counts a value that is the bound of a bucket in it, and tells the least and the greatest', async () => {
  test = setUp()
  const producer: MetricProducer = test.metrics.metricProducer()
  for (const seconds of [0.33, 0.32, 0.01]) chat(seconds)
  const { resourceMetrics } = await producer.collect()
  expect(find(resourceMetrics.scopeMetrics[0]?.metrics ?? [], DURATION)[0]?.value).toEqual({
    buckets: { boundaries: findMetric(DURATION)?.buckets, counts: [1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0] },
    count: 3,
    sum: expect.closeTo(0.66, 9),
    min: 0.01,
    max: 0.33,
  })
})

it('says of counters alone that they only grow', async () => {
  test = setUp()
  chat(1, { 'gen_ai.usage.input_tokens': 10 })
  const { scopeMetrics } = test.metrics.metricProducer().collectNow()
  const sums = scopeMetrics.flatMap(({ metrics }) =>
    metrics.flatMap((metric) => (metric.dataPointType === 3 ? [[metric.descriptor.name, metric.isMonotonic]] : [])),
  )
  expect(Object.fromEntries(sums)).toEqual({ [INPUT]: true, 'agentel.operation.active': false })
})

it('asks a function for the temporality of each instrument', async () => {
  test = setUp()
  const asked = new Set<string>()
  const producer = test.metrics.metricProducer({
    temporality: (type: string) => (asked.add(type), type === 'COUNTER' ? 0 : 1),
  })
  chat(1, { 'gen_ai.usage.input_tokens': 10 })
  const metrics = (await producer.collect()).resourceMetrics.scopeMetrics[0]?.metrics ?? []
  expect(Object.fromEntries(metrics.map((metric) => [metric.descriptor.name, metric.aggregationTemporality]))).toEqual({
    [DURATION]: 1,
    [INPUT]: 0,
    'gen_ai.client.inference.operation.input_tokens': 1,
    'agentel.operation.active': 1,
    'agentel.trace.duration': 1,
    'agentel.trace.spans': 1,
  })
  expect([...asked].toSorted()).toEqual(['COUNTER', 'HISTOGRAM', 'UP_DOWN_COUNTER'])
})

it('puts what comes after the last row into one that is marked as overflow, and loses nothing', async () => {
  test = setUp({ maxRows: 2 })
  for (const model of ['a', 'b', 'c', 'd']) chat(1, { 'gen_ai.request.model': model })
  expect(await test.points(DURATION)).toEqual([
    { attributes: { ...CHAT, 'gen_ai.request.model': 'a' }, value: { count: 1, sum: 1 } },
    { attributes: { ...CHAT, 'gen_ai.request.model': 'b' }, value: { count: 1, sum: 1 } },
    { attributes: { 'otel.metric.overflow': true }, value: { count: 2, sum: 2 } },
  ])
})

it('emits the names of 1.41 in that profile, and nothing that 1.41 does not have', async () => {
  test = setUp({ profile: 'v1_41' })
  chat(2, {
    'gen_ai.usage.input_tokens': 10,
    'gen_ai.usage.output_tokens': 4,
    'gen_ai.response.time_to_first_chunk': 0.5,
    'agentel.cost.amount': 1,
  })
  span('execute_tool t', { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 't' })
  expect((await test.names()).filter((name) => name.startsWith('gen_ai.'))).toEqual([
    'gen_ai.client.operation.duration',
    'gen_ai.client.operation.time_to_first_chunk',
    'gen_ai.client.token.usage',
  ])
  expect(await test.points('gen_ai.client.operation.duration')).toEqual([
    { attributes: CHAT, value: { count: 1, sum: 2 } },
  ])
  expect(await test.points('gen_ai.client.token.usage')).toEqual([
    { attributes: { ...CHAT, 'gen_ai.token.type': 'input' }, value: { count: 1, sum: 10 } },
    { attributes: { ...CHAT, 'gen_ai.token.type': 'output' }, value: { count: 1, sum: 4 } },
  ])
})

it('gives the same numbers through the instruments of a host whose reader it was not given to', async () => {
  const results: unknown[] = []
  for (const instruments of ['producer', 'sdk'] as const) {
    test = setUp({ instruments })
    chat(2, { 'gen_ai.usage.input_tokens': 10, 'session.id': 's', 'agentel.cost.amount': 0.5 })
    chat(3, { 'gen_ai.usage.input_tokens': 20, 'error.type': '500' })
    const metrics = await test.telemetry.metrics()
    results.push(
      Object.fromEntries(
        metrics
          .toSorted((a, b) => a.descriptor.name.localeCompare(b.descriptor.name))
          .map(({ descriptor: { name, unit, description, valueType }, dataPointType, dataPoints }) => [
            name,
            {
              unit,
              description,
              valueType,
              dataPointType,
              points: dataPoints.map(({ attributes, value }) => ({ attributes, value })),
            },
          ]),
      ),
    )
    await test.telemetry.shutdown()
  }
  expect(Object.keys(results[0] as object)).toContain('agentel.session.active')
  expect(results[1]).toEqual(results[0])
})

it("refuses a producer when the host's instruments were asked for", () => {
  expect(() => metricsEnricher({ instruments: 'sdk' }).metricProducer()).toThrow(
    "instruments is 'sdk', so there is no metric producer",
  )
})

it('emits only metrics and attributes of the registry, and never an id or content', async () => {
  test = setUp()
  const ids = {
    'session.id': 'SECRET',
    'user.id': 'SECRET',
    'gen_ai.conversation.id': 'SECRET',
    'gen_ai.input.messages': 'SECRET',
    'gen_ai.response.id': 'SECRET',
  }
  span(
    'invoke_agent a',
    { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.id': 'SECRET', ...ids },
    {},
    (parent) => {
      span('chat', { ...CHAT, ...ids, 'agentel.cost.amount': 1, 'gen_ai.usage.input_tokens': 1 }, { parent })
      span(
        'execute_tool t',
        {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 't',
          'gen_ai.tool.call.id': 'SECRET',
          'gen_ai.tool.call.arguments': 'SECRET',
          ...ids,
        },
        { parent },
      )
    },
  )
  const metrics = await test.telemetry.metrics()
  for (const { descriptor, dataPoints } of metrics) {
    const definition = findMetric(descriptor.name)
    expect(definition, descriptor.name).toBeDefined()
    const allowed = definition?.attributes.map(({ key }) => key)
    for (const { attributes } of dataPoints) {
      for (const key of Object.keys(attributes)) expect(allowed, descriptor.name).toContain(key)
    }
  }
  expect(JSON.stringify(metrics)).not.toContain('SECRET')
  expect(metrics.length).toBeGreaterThan(12)
})
