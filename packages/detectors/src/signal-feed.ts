import type { AgentState } from './agent-state.ts'
import type { Observation, Signal, SignalChange } from './observation.ts'
import { newShare, updateShare, type ShareOptions } from './share.ts'
import { newShift, updateShift, type ShiftOptions } from './shift.ts'

/** What a value belongs to. */
export interface SignalPoint {
  agent: string
  signal: Signal
  subject?: string | undefined
  time: number
  traceId?: string | undefined
  spanId?: string | undefined
}

/** How the watch is set for one signal. */
export interface SignalSetting {
  enabled?: boolean
  /** Multiplies the evidence needed: 2 is half as sensitive. Default 1. */
  strictness?: number
}

/** Most series that are kept of one agent, of each kind. */
const MOST_SERIES = 64

/** Takes the values of all signals to their detectors and says what begins and what ends. */
export interface SignalFeed {
  shift(state: AgentState, point: SignalPoint, value: number, options: ShiftOptions, unit: 'log' | 'linear'): void
  share(state: AgentState, point: SignalPoint, happened: boolean, options?: ShareOptions): void
  /** Series that were not watched because an agent had too many. */
  readonly refused: { count: number }
}

/** Score of an effect of so many spreads: 1.3 is medium, 2.3 high, 4 critical. */
export function effectScore(effect: number): number {
  return 1 - Math.exp(-effect / 2.5)
}

export function createSignalFeed(
  changed: (change: SignalChange) => void,
  settingOf: (signal: Signal) => SignalSetting,
  relearnAfterMs: () => number,
): SignalFeed {
  const refused = { count: 0 }

  function seriesOf<S>(all: Record<string, S>, point: SignalPoint, create: () => S): S | undefined {
    const key = point.subject === undefined ? point.signal : `${point.signal} ${point.subject}`
    const found = all[key]
    if (found !== undefined) return found
    if (Object.keys(all).length >= MOST_SERIES) {
      refused.count++
      return undefined
    }
    return (all[key] = create())
  }

  return {
    refused,
    shift(state, point, value, options, unit) {
      const setting = settingOf(point.signal)
      if (setting.enabled === false || !Number.isFinite(value)) return
      const series = seriesOf(state.shifts, point, newShift)
      if (!series) return
      const threshold = (options.threshold ?? 16) * (setting.strictness ?? 1)
      const change = updateShift(series, value, point.time, { ...options, threshold, relearnAfterMs: relearnAfterMs() })
      if (!change) return
      if (change.type !== 'begin') {
        changed({ ...ended(point), detector: 'shift', outcome: change.type })
        return
      }
      const back = unit === 'log' ? Math.exp : (v: number) => v
      const { effect, expected, observed } = change
      changed({
        ...begun(point),
        detector: 'shift',
        score: effectScore(effect),
        threshold: effectScore(0.5),
        expected: back(expected),
        observed: back(observed),
      })
    },
    share(state, point, happened, options = {}) {
      const setting = settingOf(point.signal)
      if (setting.enabled === false) return
      const series = seriesOf(state.shares, point, newShare)
      if (!series) return
      const threshold = (options.threshold ?? 13) * (setting.strictness ?? 1)
      const change = updateShare(series, happened, point.time, { ...options, threshold })
      if (!change) return
      if (change.type !== 'begin') {
        changed({ ...ended(point), detector: 'share', outcome: change.type })
        return
      }
      const { expected, observed } = change
      changed({ ...begun(point), detector: 'share', score: observed, threshold: expected, expected, observed })
    },
  }
}

function begun(point: SignalPoint) {
  return { type: 'begin' as const, ...where(point) }
}

function ended(point: SignalPoint) {
  return { type: 'end' as const, ...where(point), score: 0, threshold: 0, expected: 0, observed: 0 }
}

function where(point: SignalPoint) {
  const { agent, signal, subject, time, traceId, spanId } = point
  return { agent, signal, subject, time, traceId, spanId }
}

/** The point of an observation. */
export function pointOf(o: Observation, signal: Signal, subject?: string): SignalPoint {
  return { agent: o.agent, signal, subject, time: o.time, traceId: o.traceId, spanId: o.spanId }
}
