import type { Attributes } from '@opentelemetry/api'
import { ATTR_AGENTEL_SLA_MET, ATTR_AGENTEL_SLA_NAME, METRIC_AGENTEL_SLA_RESULTS } from '@agentel/semconv'
import { guard } from './guard.ts'
import { type MetricKind, recordMetric } from './record-metric.ts'

/** What becomes of the values that are recorded under one name. */
export type BusinessMetricKind = MetricKind

/** A figure of the business: `agentel.business.<name>`. */
export interface BusinessMetric {
  /** `revenue_per_task`, `satisfaction`, …: few and fixed. */
  readonly name: string
  readonly value: number
  /**
   * `count` (default) adds up, and must not be negative; `distribution` keeps how values are spread; `gauge` keeps the
   * latest value, such as a stock.
   */
  readonly kind?: BusinessMetricKind
  /** UCUM, such as `{USD}`; of the first value that is recorded under the name. */
  readonly unit?: string
  /** Tags of few values; never ids. */
  readonly attributes?: Attributes
}

/**
 * Records a figure of the business, whatever is sampled. Does nothing without a meter provider.
 *
 * @example
 * recordBusinessMetric({ name: 'revenue', value: 12.5, unit: '{USD}', kind: 'distribution', attributes: { plan: 'pro' } })
 */
export function recordBusinessMetric({ name, value, kind = 'count', unit, attributes }: BusinessMetric): void {
  guard('api.business', () => recordMetric({ name: `agentel.business.${name}`, kind, unit }, value, attributes ?? {}))
}

/**
 * Records whether a service level was met: counter `agentel.sla.results`.
 *
 * @example
 * recordServiceLevel('first_answer', seconds < 5)
 */
export function recordServiceLevel(name: string, met: boolean): void {
  const tags = { [ATTR_AGENTEL_SLA_NAME]: name, [ATTR_AGENTEL_SLA_MET]: met }
  guard('api.business', () =>
    recordMetric({ name: METRIC_AGENTEL_SLA_RESULTS, kind: 'count', unit: '{result}' }, 1, tags),
  )
}
