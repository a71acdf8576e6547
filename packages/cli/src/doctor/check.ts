/** `ok`: as it should be; `note`: worth knowing; `warning`: something is lost; `failure`: it does not work. */
export type Verdict = 'ok' | 'note' | 'warning' | 'failure'

/** One thing that the doctor looked at. */
export interface Check {
  /** What was looked at, in a word or two: `endpoint`, `openai`. */
  subject: string
  verdict: Verdict
  /** What was found. */
  found: string
  /** What to do about it. */
  advice?: string
}
