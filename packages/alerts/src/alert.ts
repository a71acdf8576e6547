import type { Severity } from './rule.ts'

/** Suppressed: the condition holds, but a silence covers it. */
export type AlertState = 'active' | 'acknowledged' | 'resolved' | 'suppressed'

/** Who did something, and when (milliseconds since the epoch). */
export interface Deed {
  readonly by: string
  readonly at: number
}

/** One alert: a rule and one group of its series. */
export interface Alert {
  /** The same in every replica: the rule's name and the labels of the group. */
  readonly id: string
  readonly rule: string
  readonly severity: Severity
  readonly summary?: string
  readonly runbook?: string
  /** The rule's own labels and those of the group. */
  readonly labels: Readonly<Record<string, string>>
  readonly state: AlertState
  /** The value as of the last evaluation. */
  readonly value: number
  /** The threshold as of the last evaluation; `absence` has none. */
  readonly threshold?: number
  /** The metric that the value was computed of. */
  readonly source: string
  readonly startedAt: number
  /** When the state last changed. */
  readonly changedAt: number
  readonly acknowledged?: Deed
  readonly resolved?: Deed
}

/** A state that changed. */
export interface AlertChange {
  readonly alert: Alert
  /** The state before; undefined for a new alert. */
  readonly from: AlertState | undefined
  /** Who changed it: a person, or `evaluator`. */
  readonly actor: string
  readonly at: number
}

/** What channels are told: the alerts of one rule that became active, or that were resolved, in one evaluation. */
export interface Notification {
  readonly rule: string
  readonly severity: Severity
  readonly status: 'firing' | 'resolved'
  readonly alerts: readonly Alert[]
  /** How many more there are: a storm is told by its first 100. Absent when none. */
  readonly omitted?: number
  /** How many alerts of this rule are still open. */
  readonly open: number
  readonly at: number
  /** Nobody has acknowledged these alerts for as long as the rule allows. */
  readonly escalated?: true
}

/** Alerts that must not be told of for a while. */
export interface Silence {
  readonly id: string
  /** Name of the rule; all rules by default. */
  readonly rule?: string
  /** All of these labels must be equal. */
  readonly labels?: Readonly<Record<string, string>>
  /** When it ends, milliseconds since the epoch. */
  readonly until: number
  readonly by: string
  readonly reason?: string
}
