/**
 * A share that must not grow: errors among calls, retried among tried.
 * Cumulative log-likelihood ratio of "the share has grown" against "it is as learned".
 */
export interface ShareState {
  /** Learned counts, fading. */
  events: number
  trials: number
  evidence: [number, number]
  /** Since when the share is high; 0: it is not. */
  since: number
  calm: number
  shiftedEvents: number
  shiftedTrials: number
  /** Share of the newest trials. */
  recent: number
}

export interface ShareOptions {
  /** Evidence at which an alarm is raised. Default 13. */
  threshold?: number
  /** Share assumed before anything is known. Default 0.01. */
  prior?: number
  /** Trials that the prior is worth. Default 50. */
  priorWeight?: number
  warmUp?: number
}

/** A share begins to be too high, or is over: back (`recovered`), or here to stay (`relearned`). */
export type ShareChange =
  | { type: 'begin'; evidence: number; expected: number; observed: number }
  | { type: 'recovered' }
  | { type: 'relearned' }

/** A share that is high for this long has become usual, ms. */
const LASTING = 6 * 3_600_000
/** Evidence that it is over. */
const OVER = 6
/** Trials that "newest" means. */
const NEWEST = 8
const MEMORY = 3000

export function newShare(): ShareState {
  return { events: 0, trials: 0, evidence: [0, 0], since: 0, calm: 0, shiftedEvents: 0, shiftedTrials: 0, recent: 0 }
}

/** The share learned so far. */
export function learnedShare(state: ShareState, options: ShareOptions): number {
  const weight = options.priorWeight ?? 50
  return (state.events + (options.prior ?? 0.01) * weight) / (state.trials + weight)
}

function llr(happened: boolean, usual: number, high: number): number {
  return happened ? Math.log(high / usual) : Math.log((1 - high) / (1 - usual))
}

/** Feeds one trial; says when the share begins to be too high and when that is over. */
export function updateShare(
  state: ShareState,
  happened: boolean,
  time: number,
  options: ShareOptions,
): ShareChange | undefined {
  const usual = learnedShare(state, options)
  const alternatives = [Math.min(0.7, usual * 4 + 0.1), Math.min(0.9, Math.max(0.6, usual * 2))] as const
  alternatives.forEach((high, i) => {
    state.evidence[i] = Math.max(0, state.evidence[i]! + llr(happened, usual, high))
  })
  state.recent += ((happened ? 1 : 0) - state.recent) / NEWEST
  if (state.since > 0) return follow(state, happened, time, llr(happened, usual, alternatives[0]))
  const evidence = Math.max(state.evidence[0], state.evidence[1])
  if (evidence < (options.threshold ?? 13) || state.trials < (options.warmUp ?? 20)) {
    learnTrial(state, happened)
    return undefined
  }
  state.since = time
  state.calm = 0
  state.shiftedEvents = happened ? 1 : 0
  state.shiftedTrials = 1
  return { type: 'begin', evidence, expected: usual, observed: state.recent }
}

function learnTrial(state: ShareState, happened: boolean): void {
  state.trials++
  if (happened) state.events++
  if (state.trials > MEMORY) {
    state.trials *= 1 - 1 / MEMORY
    state.events *= 1 - 1 / MEMORY
  }
}

function follow(state: ShareState, happened: boolean, time: number, evidence: number): ShareChange | undefined {
  state.shiftedTrials++
  if (happened) state.shiftedEvents++
  state.calm = Math.max(0, state.calm - evidence)
  const recovered = state.calm > OVER
  const lasting = time - state.since > LASTING && state.shiftedTrials >= 100
  if (!recovered && !lasting) return undefined
  if (!recovered) {
    // Hours of it, and nobody minded: this is what this tool is like now.
    state.events = (state.shiftedEvents / state.shiftedTrials) * 500
    state.trials = 500
  }
  state.since = 0
  state.evidence = [0, 0]
  return { type: recovered ? 'recovered' : 'relearned' }
}
