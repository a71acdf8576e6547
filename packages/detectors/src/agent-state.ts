import { newArrivals, type ArrivalsState } from './arrivals.ts'
import { newRegression, type RegressionState } from './regression.ts'
import type { ShareState } from './share.ts'
import type { ShiftState } from './shift.ts'
import { newTraceGrowth, type TraceGrowth } from './trace-growth.ts'

/** All that is known of one agent. Plain data: it is saved and restored as JSON. */
export interface AgentState {
  shifts: Record<string, ShiftState>
  shares: Record<string, ShareState>
  regressions: Record<string, RegressionState>
  growth: TraceGrowth
  arrivals: ArrivalsState
  /** Runs started a minute, averaged over some five minutes. */
  load: number
  loadAt: number
  /** Tasks that ended since it was first seen, and those in which it had a part. */
  tasks: { total: number; present: number }
  /** Since when it is silent or flooded; 0: it is not. */
  silentSince: number
  floodedSince: number
  /** Last time anything was seen of it. */
  seenAt: number
}

export function newAgentState(): AgentState {
  return {
    shifts: {},
    shares: {},
    regressions: {},
    growth: newTraceGrowth(),
    arrivals: newArrivals(),
    load: 0,
    loadAt: 0,
    tasks: { total: 0, present: 0 },
    silentSince: 0,
    floodedSince: 0,
    seenAt: 0,
  }
}

const LOAD_MS = 5 * 60_000

/** Runs a minute as of `time`. */
export function loadAt(state: AgentState, time: number): number {
  return state.load * Math.exp(-Math.max(0, time - state.loadAt) / LOAD_MS)
}

/** Counts one run towards the load. */
export function addLoad(state: AgentState, time: number): void {
  state.load = loadAt(state, time) + 60_000 / LOAD_MS
  state.loadAt = Math.max(state.loadAt, time)
}

export function regressionOf(state: AgentState, name: string): RegressionState {
  return (state.regressions[name] ??= newRegression())
}
