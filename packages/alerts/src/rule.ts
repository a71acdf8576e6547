/** How grave an alert is. */
export type Severity = 'info' | 'warning' | 'error' | 'critical'

/**
 * Which series count, by label: a text must be equal, of a list one must be, `'*'` means "has the label", `''` means
 * "lacks it" (as in Prometheus).
 */
export type LabelFilter = Readonly<Record<string, string | readonly string[]>>

/** What is computed of the series in the window. */
export type Aggregation = 'rate' | 'ratio' | 'percentile' | 'average' | 'sum' | 'increase' | 'absence'

/** What stands above the line of a ratio; below it stands the rule's own signal with its own labels. */
export interface Numerator {
  /** One metric or several, which are added; the rule's own signal by default. */
  readonly signal?: string | readonly string[]
  readonly labels?: LabelFilter
}

/** A threshold that follows the values: their percentile, once there are enough of them. */
export interface AdaptiveThreshold {
  /** Percentile of the last values; default 95. */
  readonly percentile?: number
  /** Values remembered for each group; default 1000. */
  readonly values?: number
  /** Values before there is a threshold; default 50. */
  readonly minimum?: number
}

/** One rule, as data. Durations are milliseconds; in the file they are written `30s`, `5m`, `1h`, `1d`. */
export interface AlertRule {
  readonly name: string
  /** What it means, for people. */
  readonly summary?: string
  /** Name of a metric of `@agentel/semconv`. */
  readonly signal: string
  readonly where?: LabelFilter
  readonly aggregation: Aggregation
  /** Of `percentile`: which one, over 0 to 100. Default 95. */
  readonly percentile?: number
  /** Of `ratio` only. */
  readonly numerator?: Numerator
  /** One alert for each combination of these labels; one in all by default. */
  readonly groupBy: readonly string[]
  /** How far back the series are looked at. */
  readonly window: number
  /** Fires when the value is greater. `absence` has neither `above` nor `below`; every other rule has one of them. */
  readonly above?: number | AdaptiveThreshold
  /** Fires when the value is smaller. */
  readonly below?: number
  /** How long the condition must hold before the alert is active; 0 means at once. */
  readonly for: number
  readonly severity: Severity
  /** After an alert was resolved, the same one is not notified again for so long. */
  readonly cooldown: number
  /** Told of again, as escalated, when nobody has acknowledged it for so long. Never by default. */
  readonly escalateAfter?: number
  readonly labels: Readonly<Record<string, string>>
  /** Address of what to do about it. */
  readonly runbook?: string
}
