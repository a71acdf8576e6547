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

export interface ShareAlarm {
  score: number
  expected: number
  observed: number
}

const HOUR = 3_600_000
const MEMORY = 3000

export function newShare(): ShareState {
  return { events: 0, trials: 0, evidence: [0, 0], since: 0, calm: 0, shiftedEvents: 0, shiftedTrials: 0 }
}

/** The share learned so far. */
export function learnedShare(state: ShareState, options: ShareOptions): number {
  const weight = options.priorWeight ?? 50
  return (state.events + (options.prior ?? 0.01) * weight) / (state.trials + weight)
}

function llr(happened: boolean, usual: number, high: number): number {
  return happened ? Math.log(high / usual) : Math.log((1 - high) / (1 - usual))
}

/** Feeds one trial; returns an alarm when the share begins to be too high. */
export function updateShare(
  state: ShareState,
  happened: boolean,
  time: number,
  options: ShareOptions,
): ShareAlarm | undefined {
  const usual = learnedShare(state, options)
  const alternatives = [Math.min(0.7, usual * 4 + 0.1), Math.min(0.9, Math.max(0.6, usual * 2))] as const
  alternatives.forEach((high, i) => {
    state.evidence[i] = Math.max(0, state.evidence[i]! + llr(happened, usual, high))
  })
  if (state.since > 0) {
    followShare(state, happened, time, usual, alternatives[0])
    return undefined
  }
  const strongest = Math.max(state.evidence[0], state.evidence[1])
  const threshold = options.threshold ?? 13
  if (strongest < threshold || state.trials < (options.warmUp ?? 20)) {
    learnTrial(state, happened)
    return undefined
  }
  state.since = time
  state.calm = 0
  state.shiftedEvents = happened ? 1 : 0
  state.shiftedTrials = 1
  return { score: strongest, expected: usual, observed: alternatives[strongest === state.evidence[0] ? 0 : 1] }
}

function learnTrial(state: ShareState, happened: boolean): void {
  state.trials++
  if (happened) state.events++
  if (state.trials > MEMORY) {
    state.trials *= 1 - 1 / MEMORY
    state.events *= 1 - 1 / MEMORY
  }
}

function followShare(state: ShareState, happened: boolean, time: number, usual: number, high: number): void {
  state.shiftedTrials++
  if (happened) state.shiftedEvents++
  state.calm = Math.max(0, state.calm - llr(happened, usual, high))
  const over = state.calm > 6
  const lasting = time - state.since > 6 * HOUR && state.shiftedTrials >= 100
  if (!over && !lasting) return
  if (lasting && !over) {
    // Six hours of it, and nobody minded: this is what this tool is like now.
    const share = state.shiftedEvents / state.shiftedTrials
    state.events = share * 500
    state.trials = 500
  }
  state.since = 0
  state.evidence = [0, 0]
}
