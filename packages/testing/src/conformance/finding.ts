import type { SemconvProfile } from '@agentel/semconv/v1-41'

/** What can be wrong. */
export type ConformanceRule =
  | 'unregistered'
  | 'deprecated'
  | 'not_in_profile'
  | 'type'
  | 'span_count'
  | 'span_name'
  | 'span_kind'
  | 'unknown_operation'
  | 'status_ok'
  | 'error_type_missing'
  | 'error_type_without_error'
  | 'required_missing'
  | 'expected_missing'
  | 'content_schema'
  | 'content_not_structured'
  | 'event_name_attribute'
  | 'severity'
  | 'instrument'
  | 'unit'
  | 'buckets'
  | 'unexpected_attribute'

/** One violation. */
export interface ConformanceFinding {
  readonly rule: ConformanceRule
  /** `span chat gpt-4o`, `metric agentel.errors`, `event agentel.decision`. */
  readonly where: string
  readonly message: string
}

/** Says what is wrong with the thing that is being looked at. */
export type Say = (rule: ConformanceRule, message: string) => void

/** How strictly to look. */
export interface ConformanceOptions {
  /** Which generation of names is expected; `latest` by default. */
  readonly profile?: SemconvProfile
  /**
   * Whether a successful span must have what instrumentations can be expected to know (`response.id`, usage, …).
   * True by default; switch it off for spans that the test itself leaves thin.
   */
  readonly expected?: boolean
}
