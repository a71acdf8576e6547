import type { OverviewQuery, ResolvedRange } from './contract.ts'
import type { EventStage, TransactionStage } from '@agentel/analysis'

export type { EventStage, TransactionStage } from '@agentel/analysis'

/** Times of a kind of work; null when there was none. Milliseconds, percentiles exact. */
export interface WorkTimes {
  readonly mean: number | null
  readonly p95: number | null
}

/** Events by type, the most frequent first. Exact for as long as their runs are kept, of the newest 100,000 spans. */
export interface EventList {
  readonly range: ResolvedRange
  readonly rows: readonly {
    readonly type: string
    readonly services: readonly string[]
    readonly published: number
    /** Put on the bus in vain. */
    readonly unpublished: number
    readonly received: number
    readonly completed: number
    /** Failed while they were handled. */
    readonly errors: number
    /** Events: published ones, or received ones where no publisher tells. */
    readonly count: number
    /** Share of all events of the window, 0 to 1. */
    readonly share: number
    /** Share of the finished handlings that did not fail, 0 to 1; null when none has finished. */
    readonly success: number | null
    /** Events a second, over the whole window. */
    readonly throughput: number
    /** The handlers' work. */
    readonly handling: WorkTimes
    /** From the beginning of the publishing to the end of the handling, where both are one trace. */
    readonly latency: WorkTimes
    readonly lastSeen: number
    /** The newest run in which it occurred. */
    readonly traceId: string
  }[]
  /** `false`: the window holds more than was read. */
  readonly exact: boolean
}

/** Of `GET /api/workers`. */
export interface WorkerQuery extends OverviewQuery {
  /** Milliseconds above which an execution is slow; 5000 by default. */
  readonly slowerThan?: number
}

/** Executions of workers. */
export interface WorkerFigures {
  readonly executions: number
  readonly errors: number
  /** 0 to 1; null when nothing was executed. */
  readonly success: number | null
  readonly times: WorkTimes
  readonly slow: number
}

/** Workers by name, the busiest first, and all of them together. */
export interface WorkerList {
  readonly range: ResolvedRange
  readonly slowerThan: number
  readonly summary: WorkerFigures & { readonly workers: number }
  readonly rows: readonly (WorkerFigures & {
    readonly name: string
    readonly services: readonly string[]
    readonly lastSeen: number
    readonly traceId: string
  })[]
  readonly exact: boolean
}

/** One transaction: what became of its events. */
export interface Transaction {
  readonly id: string
  readonly start: number
  readonly end: number
  readonly duration: number
  /** How often each stage was reached. */
  readonly counts: Readonly<Record<EventStage, number>>
  /** In the order in which they were reached; the first 2000. */
  readonly stages: readonly TransactionStage[]
  readonly exact: boolean
}
