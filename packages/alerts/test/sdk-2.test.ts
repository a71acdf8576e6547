import { createRequire } from 'node:module'
import { join } from 'node:path'
import { installSdk } from '@agentel/testing/contract'
import type { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { expect, it } from 'vitest'
import { metricFeed } from '../src/index.ts'

interface Sdk2 {
  MeterProvider: typeof MeterProvider
  PeriodicExportingMetricReader: typeof PeriodicExportingMetricReader
}

const root = join(import.meta.dirname, '../../..')

it('reads counters, gauges and histograms of SDK 2 as those of SDK 3', async () => {
  const folder = await installSdk('opentelemetry', 2, {
    matrix: join(root, 'test/matrix'),
    cache: join(root, '.cache/matrix'),
  })
  const sdk = createRequire(join(folder, 'index.js'))('@opentelemetry/sdk-metrics') as Sdk2
  const feed = metricFeed()
  const reader = new sdk.PeriodicExportingMetricReader({ exporter: feed, exportIntervalMillis: 3_600_000 })
  const provider = new sdk.MeterProvider({ readers: [reader] })
  const meter = provider.getMeter('test')
  const errors = meter.createCounter('agentel.errors')
  meter.createGauge('agentel.queue.depth').record(4, { 'agentel.queue.name': 'in' })
  meter.createHistogram('agentel.task.duration', { advice: { explicitBucketBoundaries: [1, 2] } }).record(1.5)
  for (const added of [2, 3]) {
    errors.add(added)
    await provider.forceFlush()
  }
  const read = (metric: string): unknown[] =>
    feed
      .samples(metric, 0, Date.now() + 60_000)
      .map(({ kind, labels, points }) => [kind, labels, points.map(({ value }) => value)])
  const spread = { count: 1, sum: 1.5, bounds: [1, 2], counts: [0, 1, 0] }
  expect(read('agentel.errors')).toStrictEqual([['counter', {}, [2, 5]]])
  expect(read('agentel.queue.depth')).toMatchObject([['gauge', { 'agentel.queue.name': 'in' }, [4, 4]]])
  expect(read('agentel.task.duration')).toStrictEqual([['distribution', {}, [spread, spread]]])
  await provider.shutdown()
})
