import type { AgentState } from './agent-state.ts'
import { advance, flood, silence } from './arrivals.ts'
import type { SignalChange } from './observation.ts'
import type { SignalSetting } from './signal-feed.ts'

/** -ln of the chance of so few, or so many, runs. */
const SILENCE = 12
const FLOOD = 20
/** Below this a silence is over. */
const OVER = 3
/** A silence that lasts this long has become usual, ms. */
const LASTING = 6 * 3_600_000

/** Looks whether an agent has gone quiet, or is being flooded. */
export function watchVolume(
  agent: string,
  state: AgentState,
  time: number,
  options: { sensitivity?: number; signals?: Record<string, SignalSetting> },
  changed: (change: SignalChange) => void,
): void {
  if (state.arrivals.recent.length === 0) return
  advance(state.arrivals, time)
  const strict = (signal: string) => (options.signals?.[signal]?.strictness ?? 1) / (options.sensitivity ?? 1)
  const base = { time, agent, subject: undefined, detector: 'arrivals' as const, traceId: undefined, spanId: undefined }

  if (options.signals?.silence?.enabled !== false) {
    const found = silence(state.arrivals, time)
    if (state.silentSince === 0 && found.score > SILENCE * strict('silence')) {
      state.silentSince = time
      state.arrivals.held = true
      changed({
        ...base,
        type: 'begin',
        signal: 'silence',
        score: scoreOf(found.score),
        threshold: scoreOf(SILENCE),
        ...amounts(found),
      })
    } else if (state.silentSince > 0 && (found.score < OVER || time - state.silentSince > LASTING)) {
      const outcome = found.score < OVER ? 'recovered' : 'relearned'
      state.silentSince = 0
      state.arrivals.held = state.floodedSince > 0
      changed({ ...base, type: 'end', signal: 'silence', score: 0, threshold: 0, expected: 0, observed: 0, outcome })
    }
  }
  if (options.signals?.volume?.enabled !== false) {
    const found = flood(state.arrivals, time)
    if (state.floodedSince === 0 && found.score > FLOOD * strict('volume')) {
      state.floodedSince = time
      state.arrivals.held = true
      changed({
        ...base,
        type: 'begin',
        signal: 'volume',
        score: scoreOf(found.score),
        threshold: scoreOf(FLOOD),
        ...amounts(found),
      })
    } else if (state.floodedSince > 0 && found.score === 0) {
      state.floodedSince = 0
      state.arrivals.held = state.silentSince > 0
      changed({
        ...base,
        type: 'end',
        signal: 'volume',
        score: 0,
        threshold: 0,
        expected: 0,
        observed: 0,
        outcome: 'recovered',
      })
    }
  }
}

function scoreOf(evidence: number): number {
  return evidence / (evidence + 18)
}

function amounts(found: { expected: number; observed: number }) {
  return { expected: found.expected, observed: found.observed }
}
