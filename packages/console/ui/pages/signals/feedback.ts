/** Ratings that people gave, out of the evaluation events: how many, how good, whose, and where it is going. */
import {
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_USER_ID,
} from '@agentel/semconv'
import type { LogRecord } from '../../../src/api/contract.ts'
import { trendOf, type Trend } from '../../format/trend.ts'

/** The evaluation's name under which ratings by people come. */
const BY_PEOPLE = 'user_feedback'
/** Up to this a rating is low. */
const LOW = 2

export interface Rating {
  readonly log: LogRecord
  /** 1 to 5. */
  readonly score: number
  readonly user: string | null
  readonly comment: string | null
  /** The provider's id of the answer that was rated. */
  readonly responseId: string | null
}

export interface Feedback {
  readonly ratings: readonly Rating[]
  readonly mean: number
  /** Number of ratings of 1, 2, 3, 4, 5. */
  readonly distribution: readonly number[]
  /** The least content first. */
  readonly users: readonly { readonly user: string; readonly count: number; readonly mean: number }[]
  readonly low: readonly Rating[]
  readonly trend: Trend | null
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const meanOf = (scores: readonly number[]): number => scores.reduce((sum, score) => sum + score, 0) / scores.length

function ratingOf(log: LogRecord): Rating[] {
  const score = log.attributes[ATTR_GEN_AI_EVALUATION_SCORE_VALUE]
  if (log.attributes[ATTR_GEN_AI_EVALUATION_NAME] !== BY_PEOPLE || typeof score !== 'number') return []
  const comment = text(log.attributes[ATTR_GEN_AI_EVALUATION_EXPLANATION])
  const responseId = text(log.attributes[ATTR_GEN_AI_RESPONSE_ID])
  return [{ log, score, user: text(log.attributes[ATTR_USER_ID]), comment, responseId }]
}

/** @returns null when nobody has rated anything */
export function feedbackOf(logs: readonly LogRecord[]): Feedback | null {
  const ratings = logs.flatMap(ratingOf)
  if (ratings.length === 0) return null
  const byUser = Map.groupBy(
    ratings.filter((rating) => rating.user !== null),
    (rating) => rating.user!,
  )
  const inTime = ratings.toSorted((a, b) => a.log.time - b.log.time)
  return {
    ratings,
    mean: meanOf(ratings.map(({ score }) => score)),
    distribution: [1, 2, 3, 4, 5].map((stars) => ratings.filter(({ score }) => Math.round(score) === stars).length),
    users: [...byUser]
      .map(([user, own]) => ({ user, count: own.length, mean: meanOf(own.map(({ score }) => score)) }))
      .toSorted((a, b) => a.mean - b.mean),
    low: ratings.filter(({ score }) => score <= LOW),
    trend: trendOf(
      inTime.map(({ log }) => log.time),
      inTime.map(({ score }) => score),
    ),
  }
}
