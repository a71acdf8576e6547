import { type Attributes, type Counter, type Gauge, type Histogram, type Meter, metrics } from '@opentelemetry/api'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** What becomes of the values that are recorded under one name. */
export type MetricKind = 'count' | 'distribution' | 'gauge'

/** How an instrument is made when its first value comes. */
export interface RecordedMetric {
  readonly name: string
  readonly kind: MetricKind
  readonly unit?: string | undefined
  /** Of a distribution; the SDK's own by default. */
  readonly boundaries?: readonly number[]
}

const instruments = new WeakMap<Meter, Map<string, Counter | Histogram | Gauge>>()

function made(meter: Meter, { name, kind, unit, boundaries }: RecordedMetric): Counter | Histogram | Gauge {
  const options = unit === undefined ? {} : { unit }
  if (kind === 'gauge') return meter.createGauge(name, options)
  if (kind === 'count') return meter.createCounter(name, options)
  const advice = boundaries === undefined ? {} : { advice: { explicitBucketBoundaries: [...boundaries] } }
  return meter.createHistogram(name, { ...options, ...advice })
}

/** Records a value with the meter provider of now; its instrument is made once for each. */
export function recordMetric(metric: RecordedMetric, value: number, tags: Attributes): void {
  const meter = metrics.getMeter(SCOPE_NAME, SCOPE_VERSION)
  let known = instruments.get(meter)
  if (known === undefined) instruments.set(meter, (known = new Map()))
  let instrument = known.get(metric.name)
  if (instrument === undefined) known.set(metric.name, (instrument = made(meter, metric)))
  if ('add' in instrument) instrument.add(value, tags)
  else instrument.record(value, tags)
}
