import { findMetric } from '@agentel/semconv/registry/metrics'
import { createTestTelemetry } from '@agentel/testing/telemetry'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { agent, recordFeedback } from '../src/index.ts'

let telemetry: ReturnType<typeof createTestTelemetry>
beforeEach(() => {
  telemetry = createTestTelemetry()
})
afterEach(() => telemetry.shutdown())

it('is spread over the ratings, by agent and by whether it is low', async () => {
  agent('helper', () => [1, 2, 5].forEach((rating) => recordFeedback({ rating })))
  recordFeedback({ rating: 3, agent: 'writer' })
  recordFeedback({ rating: 4.5 })
  const [metric] = await telemetry.metrics()
  const of = (label: string, name?: string) => ({
    'gen_ai.evaluation.score.label': label,
    ...(name === undefined ? {} : { 'gen_ai.agent.name': name }),
  })
  expect(metric?.descriptor).toMatchObject({ name: 'agentel.feedback.rating', unit: '1' })
  const boundaries = findMetric('agentel.feedback.rating')?.buckets
  expect(
    metric?.dataPoints.map(({ attributes, value }) => {
      const { buckets, sum } = value as { sum: number; buckets: { boundaries: number[]; counts: number[] } }
      expect(buckets.boundaries).toEqual(boundaries)
      return [attributes, sum, buckets.counts]
    }),
  ).toEqual([
    [of('negative', 'helper'), 3, [1, 1, 0, 0, 0, 0]],
    [of('positive', 'helper'), 5, [0, 0, 0, 0, 1, 0]],
    [of('neutral', 'writer'), 3, [0, 0, 1, 0, 0, 0]],
    [of('positive'), 4.5, [0, 0, 0, 0, 1, 0]],
  ])
})
