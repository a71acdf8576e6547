import type { Alert, AlertChange, AlertRule, AlertSummary, DeadLetter, Silence } from '@agentel/alerts'
import type { AuditEntry, AuditSummary, Verification } from '@agentel/audit'
import type { TimeRange } from './contract.ts'

export type { Alert, AlertChange, AlertRule, AlertState, Deed, Silence } from '@agentel/alerts'
export type { AuditEntry, TamperFinding } from '@agentel/audit'

/** `GET /api/alerts`: what is open now, and by what it was found. */
export interface AlertList {
  /** Not resolved, newest first. */
  readonly alerts: readonly Alert[]
  readonly silences: readonly Silence[]
  readonly summary: AlertSummary
  /** Notifications that nobody got, newest first. */
  readonly deadLetters: readonly DeadLetter[]
  /** null: this console evaluates no rules; `alerts` is then what was open when one last did. */
  readonly evaluator: AlertEvaluator | null
}

/** How the console evaluates. */
export interface AlertEvaluator {
  /** Milliseconds between two evaluations. */
  readonly interval: number
  /** The file of rules beside the standard ones; null: only those. */
  readonly rulesFile: string | null
  /** Names of the channels that are told. */
  readonly channels: readonly string[]
  /** Milliseconds since the epoch; null before the first. */
  readonly lastEvaluation: number | null
  /** Milliseconds that it took. */
  readonly lastDuration: number | null
}

/** `GET /api/alerts/history`, newest first; `id` is that of one alert, `limit` up to 500. */
export interface AlertHistory {
  readonly changes: readonly AlertChange[]
}

/** `GET /api/alerts/rules`; durations in milliseconds. */
export interface AlertRuleList {
  readonly rules: readonly AlertRule[]
}

/** `GET /api/alerts/incident?id=`: the report of one alert. */
export interface IncidentReport {
  readonly id: string
  readonly markdown: string
}

/** Body of `POST /api/alerts/acknowledge` and `POST /api/alerts/resolve`. */
export interface AlertDeed {
  /** `Alert.id`. */
  readonly id: string
  /** Who does it. */
  readonly by: string
}

/** Body of `POST /api/alerts/silences`; gives the {@link Silence}. */
export interface SilenceRequest {
  /** Name of a rule; all rules by default. */
  readonly rule?: string
  readonly labels?: Readonly<Record<string, string>>
  /** When it ends, milliseconds since the epoch. */
  readonly until: number
  readonly by: string
  readonly reason?: string
}

/** Body of `POST /api/alerts/silences/end`. */
export interface SilenceEnd {
  readonly id: string
  readonly by: string
}

/** Answer to a deed. False: there is no such alert or silence, or it is in another state. */
export interface DeedDone {
  readonly done: boolean
}

/** Parameters of `GET /api/audit` and `/api/audit/summary`; all but the numbers may be repeated. */
export interface AuditQuery extends TimeRange {
  readonly event?: string
  readonly agent?: string
  readonly user?: string
  readonly session?: string
  readonly traceId?: string
  readonly severity?: number
  readonly minSeverity?: number
  /** 1 to 1000, default 100. */
  readonly limit?: number
  readonly offset?: number
  /** `nextCursor` of the page before: what was written since neither repeats a row nor hides one. */
  readonly cursor?: string
}

/** `GET /api/audit`, newest first. */
export interface AuditList {
  /** The audit file; null: there is none yet. */
  readonly file: string | null
  readonly entries: readonly AuditEntry[]
  /** The place where the next page begins; null on the last. */
  readonly nextCursor: string | null
}

/** `GET /api/audit/summary` */
export interface AuditTotals extends AuditSummary {
  readonly file: string | null
}

/** `GET /api/audit/verify`: the whole chain is read. */
export interface AuditVerification {
  readonly file: string | null
  /** null when there is no file. */
  readonly verification: Verification | null
}
