import { MeterProvider, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { expect, it } from 'vitest'
import { metricsRedaction, redactReader, type RedactionOptions } from '../src/index.ts'

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

function setUp(options?: RedactionOptions) {
  const reader = redactReader(new Reader(), metricsRedaction(options))
  const counter = new MeterProvider({ readers: [reader] }).getMeter('t').createCounter('mails')
  const points = async (): Promise<Record<string, unknown>[]> =>
    ((await reader.collect()).resourceMetrics as ResourceMetrics).scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap(({ dataPoints }) => dataPoints.map(({ attributes, value }) => ({ ...attributes, value }))),
    )
  return { counter, points }
}

it('takes secrets out of the attributes of metrics, keeps series apart, and gives them the same hash each time', async () => {
  const { counter, points } = setUp()
  counter.add(1, { to: 'ann@example.org', kind: 'a' })
  counter.add(2, { to: 'bob@example.org', kind: 'a' })
  counter.add(4, { kind: 'b' })
  const first = await points()
  const hash = expect.stringMatching(/^\[REDACTED:email:[0-9a-f]{16}\]$/)
  expect(first).toEqual([
    { to: hash, kind: 'a', value: 1 },
    { to: hash, kind: 'a', value: 2 },
    { kind: 'b', value: 4 },
  ])
  expect(first[0]?.['to']).not.toBe(first[1]?.['to'])
  expect(await points()).toEqual(first)
})

it('replaces restricted attributes, keeps others in spite of allow, and gives the same hash for the same key', async () => {
  const options = { restricted: ['patient'], allow: ['x'], mode: 'hash', hashKey: 'a key of 16 chars' } as const
  const [one, other] = [setUp(options), setUp(options)]
  for (const { counter } of [one, other]) counter.add(1, { patient: 17, kind: 'a', password: 'p' })
  const points = await one.points()
  expect(points).toEqual([
    {
      patient: expect.stringMatching(/^\[REDACTED:restricted:[0-9a-f]{16}\]$/),
      kind: 'a',
      password: expect.stringMatching(/^\[REDACTED:key:[0-9a-f]{16}\]$/),
      value: 1,
    },
  ])
  expect(await other.points()).toEqual(points)
})

it('collects nothing when it could not look', async () => {
  const broken = {
    name: 'broken',
    find: () => {
      throw new Error('no')
    },
  }
  const { counter, points } = setUp({ detectors: [broken] })
  counter.add(1, { kind: 'a name' })
  await expect(points()).rejects.toThrow('no')
})
