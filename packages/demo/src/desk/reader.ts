import { recordBusinessMetric, recordFeedback, recordServiceLevel } from '@agentel/api'
import type { Question } from './questions.ts'

/** What somebody thinks of an answer: 1 (bad) to 5 (good). */
export interface Opinion {
  readonly rating: number
  readonly comment?: string
}

/** How long an answer may take, in milliseconds. */
const PATIENCE = 15_000

/** Opinions in turn; most readers say nothing. */
const OPINIONS: readonly (Opinion | undefined)[] = [
  { rating: 5, comment: 'Just what I wanted to know.' },
  undefined,
  { rating: 4 },
  undefined,
  undefined,
  { rating: 5 },
  undefined,
  { rating: 3, comment: 'True, but long.' },
  undefined,
  { rating: 4, comment: 'Good sources.' },
  undefined,
  undefined,
  { rating: 2, comment: 'It does not answer my question.' },
]

let answers = 0

/**
 * The reader of an answer has an opinion of it, and the desk has kept its promise or not: said within the run that is meant.
 *
 * @returns the opinion, if the reader told any
 */
export function readAnswer({ team }: Question, took: number): Opinion | undefined {
  const opinion = OPINIONS[answers++ % OPINIONS.length]
  if (opinion) recordFeedback({ ...opinion, agent: 'writer' })
  recordServiceLevel('answered_in_15_s', took <= PATIENCE)
  recordBusinessMetric({ name: 'answers', value: 1, unit: '{answer}', attributes: { team } })
  return opinion
}
