import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { diag } from '@opentelemetry/api'
import { lossCounts } from '@agentel/api'
import { createTestTelemetry } from '@agentel/testing/telemetry'
import { afterEach, describe, expect, it } from 'vitest'
import { checkRules, createEvaluator, functionChannel, metricFeed, startAlerts } from '../src/index.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

const rules = checkRules({
  rules: [
    {
      name: 'failing',
      summary: 'Calls fail.',
      signal: 'gen_ai.client.inference.duration',
      aggregation: 'ratio',
      numerator: { labels: { 'error.type': '*' } },
      groupBy: ['gen_ai.request.model'],
      window: '5m',
      above: 0.05,
      severity: 'critical',
      runbook: 'https://example.org/failing',
    },
    { name: 'errors', signal: 'agentel.errors', aggregation: 'increase', window: '5m', above: 1, severity: 'info' },
    { name: 'memory', signal: 'process.memory.usage', aggregation: 'sum', window: '5m', above: 5, severity: 'info' },
    {
      name: 'slow',
      signal: 'gen_ai.client.inference.duration',
      aggregation: 'percentile',
      percentile: 50,
      window: '5m',
      above: 0,
      severity: 'info',
    },
  ],
})

function feedOfSdk(maxSeries?: number) {
  const feed = metricFeed(maxSeries === undefined ? {} : { maxSeries })
  const reader = new PeriodicExportingMetricReader({ exporter: feed, exportIntervalMillis: 3_600_000 })
  const provider = new MeterProvider({ readers: [reader] })
  closers.push(() => provider.shutdown())
  return { feed, provider, meter: provider.getMeter('test') }
}

describe('the metrics of the process', () => {
  it('are evaluated as the SDK collects them', async () => {
    const { feed, provider, meter } = feedOfSdk()
    const calls = meter.createHistogram('gen_ai.client.inference.duration', {
      advice: { explicitBucketBoundaries: [1, 2] },
    })
    const model = { 'gen_ai.request.model': 'm' }
    const evaluator = createEvaluator({ rules, series: feed })
    for (let index = 0; index < 8; index += 1) calls.record(0.5, model)
    calls.record(1.5, { ...model, 'error.type': '500' })
    calls.record(1.5, { ...model, 'error.type': 'timeout' })
    meter.createCounter('agentel.errors').add(2)
    meter.createUpDownCounter('process.memory.usage').add(7)
    await provider.forceFlush()
    evaluator.evaluate()
    const values = Object.fromEntries(evaluator.alerts().map(({ id, value }) => [id, value]))
    expect(values).toStrictEqual({
      'failing{gen_ai.request.model="m"}': 0.2,
      errors: 2,
      memory: 7,
      slow: 0.625,
    })
  })

  it('keep no more series than allowed, and count the rest', async () => {
    const { feed, provider, meter } = feedOfSdk(10)
    const errors = meter.createCounter('agentel.errors')
    for (let index = 0; index < 25; index += 1) errors.add(1, { 'agentel.error.category': `c${index}` })
    await provider.forceFlush()
    expect(feed.samples('agentel.errors', 0, Date.now())).toHaveLength(10)
    expect(feed.dropped()).toBe(15)
  })
})

describe('alerts that run by themselves', () => {
  it('write an event of every change, and count what is open and what was told', async () => {
    const telemetry = createTestTelemetry()
    closers.push(() => telemetry.shutdown())
    const feed = metricFeed()
    const seen: string[] = []
    const alerts = startAlerts({
      rules: rules.slice(1, 2),
      series: feed,
      channels: [
        functionChannel('f', ({ rule, status }) => void seen.push(`${rule} ${status}`)),
        functionChannel('broken', () => {
          throw new TypeError('no')
        }),
      ],
      notifier: { attempts: 1 },
    })
    closers.push(alerts.close)
    const reader = new PeriodicExportingMetricReader({ exporter: feed, exportIntervalMillis: 3_600_000 })
    const provider = new MeterProvider({ readers: [reader] })
    closers.push(() => provider.shutdown())
    provider.getMeter('test').createCounter('agentel.errors').add(3)
    await provider.forceFlush()
    alerts.evaluate()
    alerts.acknowledge('errors', 'ada')
    await alerts.notifier.flush()

    expect(seen).toStrictEqual(['errors firing'])
    const about = { 'agentel.alert.rule.name': 'errors', 'agentel.alert.severity': 'info' }
    const values = { 'agentel.alert.value': 3, 'agentel.alert.threshold': 1 }
    expect(
      telemetry.logs().map(({ eventName, severityText, attributes }) => [eventName, severityText, attributes]),
    ).toStrictEqual([
      [
        'agentel.alert.state_changed',
        'INFO',
        { ...about, ...values, 'agentel.alert.state': 'active', 'agentel.alert.actor': 'evaluator' },
      ],
      [
        'agentel.alert.state_changed',
        'INFO',
        { ...about, ...values, 'agentel.alert.state': 'acknowledged', 'agentel.alert.actor': 'ada' },
      ],
    ])
    const points = (await telemetry.metrics()).flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => [descriptor.name, attributes, value]),
    )
    expect(points).toStrictEqual([
      ['agentel.alert.active', { ...about, 'agentel.alert.state': 'active' }, 0],
      ['agentel.alert.active', { ...about, 'agentel.alert.state': 'acknowledged' }, 1],
      ['agentel.alert.notifications', { 'agentel.alert.channel': 'broken', 'error.type': 'TypeError' }, 1],
      ['agentel.alert.notifications', { 'agentel.alert.channel': 'f' }, 1],
    ])
  })
})

it('counts what was not evaluated among the losses, and says once why a rule could not be', async () => {
  const told: string[] = []
  const ignore = (): void => undefined
  const logger = {
    warn: (line: string) => told.push(line),
    error: ignore,
    info: ignore,
    debug: ignore,
    verbose: ignore,
  }
  diag.setLogger(logger, { suppressOverrideMessage: true })
  const series = {
    samples(signal: string) {
      if (signal === 'agentel.errors') throw new Error('store is gone')
      return []
    },
  }
  const before = lossCounts()
  const failing = startAlerts({ rules: rules.filter(({ name }) => name === 'errors'), series, channels: [] })
  for (let n = 0; n < 3; n++) failing.evaluate()
  const { feed, provider, meter } = feedOfSdk()
  const errors = meter.createCounter('agentel.errors')
  for (let index = 0; index < 5; index += 1) errors.add(1, { 'agentel.error.category': `c${index}` })
  await provider.forceFlush()
  const byCategory = checkRules({
    rules: [
      {
        name: 'categories',
        signal: 'agentel.errors',
        aggregation: 'increase',
        groupBy: ['agentel.error.category'],
        window: '5m',
        above: 100,
        severity: 'info',
      },
    ],
  })
  const crowded = startAlerts({ rules: byCategory, series: feed, channels: [], maxGroups: 2 })
  crowded.evaluate()
  crowded.evaluate()
  const after = lossCounts()
  diag.disable()
  closers.push(failing.close, crowded.close)
  expect(told).toEqual(['agentel: the alert rule errors could not be evaluated: store is gone'])
  expect((after['alerts.rules'] ?? 0) - (before['alerts.rules'] ?? 0)).toBe(3)
  // Three of the five, each time.
  expect((after['alerts.groups'] ?? 0) - (before['alerts.groups'] ?? 0)).toBe(6)
  expect(crowded.summary().dropped).toBe(6)
  expect(crowded.summary().faults).toEqual({})
})
