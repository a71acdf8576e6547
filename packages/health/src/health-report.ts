import type { HealthState } from './health-state.ts'

/** An agent or a worker in a report. */
export interface ComponentHealth {
  readonly name: string
  readonly state: HealthState
  readonly issues: readonly string[]
  /** ISO time of its last run, heartbeat or ping. */
  readonly lastSeen: string
  /** Runs within the window, and how many of them failed. */
  readonly runs: number
  readonly failed: number
  /** 95th percentile in ms: of an agent's model calls, of a worker's executions. Absent without any. */
  readonly p95Ms?: number
  /** How long the last ping took, in ms. Absent without one. */
  readonly pingMs?: number
}

/** A dependency in a report. */
export interface DependencyHealth {
  readonly name: string
  readonly state: HealthState
  readonly issues: readonly string[]
  /** `false`: without it the process is still ready. */
  readonly required: boolean
  readonly responseMs: number
  /** ISO time of the answer. */
  readonly checkedAt: string
}

/** How a process is. */
export interface HealthReport {
  /** The worst of all; a dependency that is not required makes it degraded at most. */
  readonly state: HealthState
  readonly agents: readonly ComponentHealth[]
  readonly workers: readonly ComponentHealth[]
  readonly dependencies: readonly DependencyHealth[]
  /** How many agents and workers were not watched, because there were too many. */
  readonly unwatched: number
}

/** What was asked of a process, and the answer. */
export interface Verdict {
  readonly ok: boolean
  /** What it went by. */
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly issue?: string }[]
}
