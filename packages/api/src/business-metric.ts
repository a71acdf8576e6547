import { type Attributes, type Counter, type Gauge, type Histogram, type Meter, metrics } from '@opentelemetry/api'
import { ATTR_AGENTEL_SLA_MET, ATTR_AGENTEL_SLA_NAME, METRIC_AGENTEL_SLA_RESULTS } from '@agentel/semconv'
import { guard } from './guard.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** What becomes of the values that are recorded under one name. */
export type BusinessMetricKind = 'count' | 'distribution' | 'gauge'

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

const instruments = new WeakMap<Meter, Map<string, Counter | Histogram | Gauge>>()

function made(meter: Meter, name: string, kind: BusinessMetricKind, options: { unit?: string }) {
  if (kind === 'gauge') return meter.createGauge(name, options)
  return kind === 'count' ? meter.createCounter(name, options) : meter.createHistogram(name, options)
}

function record(name: string, kind: BusinessMetricKind, unit: string | undefined, value: number, tags: Attributes) {
  const meter = metrics.getMeter(SCOPE_NAME, SCOPE_VERSION)
  let known = instruments.get(meter)
  if (known === undefined) instruments.set(meter, (known = new Map()))
  let instrument = known.get(name)
  if (instrument === undefined) {
    instrument = made(meter, name, kind, unit === undefined ? {} : { unit })
    known.set(name, instrument)
  }
  if ('add' in instrument) instrument.add(value, tags)
  else instrument.record(value, tags)
}

/**
 * Records a figure of the business, whatever is sampled. Does nothing without a meter provider.
 *
 * @example
 * recordBusinessMetric({ name: 'revenue', value: 12.5, unit: '{USD}', kind: 'distribution', attributes: { plan: 'pro' } })
 */
export function recordBusinessMetric({ name, value, kind = 'count', unit, attributes }: BusinessMetric): void {
  guard('api.business', () => record(`agentel.business.${name}`, kind, unit, value, attributes ?? {}))
}

/**
 * Records whether a service level was met: counter `agentel.sla.results`.
 *
 * @example
 * recordServiceLevel('first_answer', seconds < 5)
 */
export function recordServiceLevel(name: string, met: boolean): void {
  const tags = { [ATTR_AGENTEL_SLA_NAME]: name, [ATTR_AGENTEL_SLA_MET]: met }
  guard('api.business', () => record(METRIC_AGENTEL_SLA_RESULTS, 'count', '{result}', 1, tags))
}
