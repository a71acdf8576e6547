/** What a detector says of one value. */
export interface Verdict {
  /** How odd the value is: 0 not at all, 1 as odd as can be. */
  score: number
  /** Score from which the value is called an anomaly. */
  threshold: number
  /** What would have been usual, in the units of the value. */
  expected: number
  anomalous: boolean
}

/**
 * A streaming detector. Its state is plain data: `JSON.stringify` saves it, and a restored state goes on where it stopped.
 * Memory is bounded by the options, whatever the number of values.
 */
export interface Detector<State> {
  readonly name: string
  create(): State
  /**
   * Judges one value by what was seen before it, then learns it.
   * @param time ms since the epoch
   * @returns undefined while there is too little to judge by
   */
  update(state: State, value: number, time: number): Verdict | undefined
}

export type Severity = 'low' | 'medium' | 'high' | 'critical'

/** Severity of a score: medium from 0.4, high from 0.6, critical from 0.8. */
export function severityOf(score: number): Severity {
  if (score >= 0.8) return 'critical'
  if (score >= 0.6) return 'high'
  return score >= 0.4 ? 'medium' : 'low'
}
