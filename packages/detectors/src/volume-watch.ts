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

interface VolumeOptions {
  sensitivity?: number
  signals?: Record<string, SignalSetting>
}

type VolumeSignal = 'silence' | 'volume'

/** Looks whether an agent has gone quiet, or is being flooded. */
export function watchVolume(
  agent: string,
  state: AgentState,
  time: number,
  options: VolumeOptions,
  changed: (change: SignalChange) => void,
): void {
  const { arrivals } = state
  if (arrivals.recent.length === 0) return
  advance(arrivals, time)
  const about = {
    time,
    agent,
    subject: undefined,
    detector: 'arrivals' as const,
    traceId: undefined,
    spanId: undefined,
  }
  const strict = (signal: VolumeSignal) => (options.signals?.[signal]?.strictness ?? 1) / (options.sensitivity ?? 1)
  const isOn = (signal: VolumeSignal) => options.signals?.[signal]?.enabled !== false
  const begin = (signal: VolumeSignal, found: { score: number; expected: number; observed: number }, least: number) => {
    const { expected, observed } = found
    changed({
      ...about,
      type: 'begin',
      signal,
      score: scoreOf(found.score),
      threshold: scoreOf(least),
      expected,
      observed,
    })
  }
  const end = (signal: VolumeSignal, outcome: 'recovered' | 'relearned') =>
    changed({ ...about, type: 'end', signal, score: 0, threshold: 0, expected: 0, observed: 0, outcome })

  if (isOn('silence')) {
    const found = silence(arrivals, time)
    if (state.silentSince === 0 && found.score > SILENCE * strict('silence')) {
      state.silentSince = time
      begin('silence', found, SILENCE)
    } else if (state.silentSince > 0 && (found.score < OVER || time - state.silentSince > LASTING)) {
      state.silentSince = 0
      end('silence', found.score < OVER ? 'recovered' : 'relearned')
    }
  }
  if (isOn('volume')) {
    const found = flood(arrivals, time)
    if (state.floodedSince === 0 && found.score > FLOOD * strict('volume')) {
      state.floodedSince = time
      begin('volume', found, FLOOD)
    } else if (state.floodedSince > 0 && found.score === 0) {
      state.floodedSince = 0
      end('volume', 'recovered')
    }
  }
  // What is extraordinary must not become usual.
  arrivals.held = state.silentSince > 0 || state.floodedSince > 0
}

function scoreOf(evidence: number): number {
  return evidence / (evidence + 18)
}
