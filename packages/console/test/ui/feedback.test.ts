import { expect, it } from 'vitest'
import type { LogRecord } from '../../src/api/contract.ts'
import { feedbackOf } from '../../ui/pages/signals/feedback.ts'

const rated = (score: number, hour: number, name = 'user_feedback'): LogRecord => ({
  id: hour,
  time: hour * 3_600_000,
  severity: 9,
  severityText: 'INFO',
  event: 'gen_ai.evaluation.result',
  body: null,
  attributes: { 'gen_ai.evaluation.name': name, 'gen_ai.evaluation.score.value': score },
  service: null,
  scope: null,
  agent: null,
  traceId: null,
  spanId: null,
})

const trend = (scores: readonly number[]) => feedbackOf(scores.map((score, hour) => rated(score, hour)))?.trend

it('tells ratings that fall from those that go up and down', () => {
  expect(trend([5, 5, 4, 4, 3, 2, 2, 1])?.direction).toBe('falling')
  expect(trend([5, 2, 5, 3, 5, 2, 4, 3])?.direction).toBe('steady')
  // Whatever order they come in.
  expect(feedbackOf([5, 5, 4, 3, 2, 1].map((score, hour) => rated(score, hour)).toReversed())?.trend?.direction).toBe(
    'falling',
  )
})

it('is of ratings by people only', () => {
  expect(feedbackOf([rated(1, 0, 'faithfulness')])).toBeNull()
  expect(feedbackOf([rated(1, 0, 'faithfulness'), rated(4, 1)])).toMatchObject({ mean: 4, low: [] })
})
