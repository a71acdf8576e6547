/** A service that sends every metric of the registry, with values that are known. */
import {
  type MetricDefinition,
  findAttribute,
  findMetric,
  metricDefinitions,
} from '../../packages/semconv/src/registry.ts'
import { ATTR_ERROR_TYPE, ATTR_SERVICE_INSTANCE_ID } from '../../packages/semconv/src/index.ts'
import { type KeyValue, sendMetrics, text } from './otlp-sender.ts'

const startTimeUnixNano = String(BigInt(Date.now()) * 1_000_000n)

function valueOf(key: string): KeyValue {
  const { type, values } = findAttribute(key) ?? {}
  if (type === 'boolean') return { key, value: { boolValue: true } }
  if (type === 'int') return { key, value: { intValue: String(values?.[0] ?? 1) } }
  if (type === 'double') return { key, value: { doubleValue: Number(values?.[0] ?? 0.5) } }
  return text(key, String(values?.[0] ?? 'some'))
}

/** One series without an error, and one with it where the metric knows errors. */
function pointsOf({ instrument, attributes, buckets = [1] }: MetricDefinition, total: number): object[] {
  const keys = attributes.map(({ key }) => key).filter((key) => key !== ATTR_ERROR_TYPE)
  const common = { startTimeUnixNano, timeUnixNano: String(BigInt(Date.now()) * 1_000_000n) }
  const failing = attributes.some(({ key }) => key === ATTR_ERROR_TYPE)
  const series = [
    { attributes: keys.map(valueOf), count: failing ? total / 2 : total },
    ...(failing ? [{ attributes: [...keys.map(valueOf), text(ATTR_ERROR_TYPE, 'timeout')], count: total / 2 }] : []),
  ]
  return series.map(({ attributes: list, count }) => {
    if (instrument !== 'histogram') return { ...common, attributes: list, asDouble: count }
    // All values lie in the first bucket.
    const bucketCounts = buckets.map((_, i) => String(i === 0 ? count : 0)).concat('0')
    return {
      ...common,
      attributes: list,
      count: String(count),
      sum: count * buckets[0]!,
      bucketCounts,
      explicitBounds: buckets,
    }
  })
}

/**
 * What a metric has in all after so many rounds: of a counter its value, of a histogram its count, of a gauge its value. No two
 * metrics have the same, so that a panel on the wrong one is seen. Where the metric knows errors, half of it has one.
 */
export function registryTotal(metric: string, rounds: number): number {
  const index = metricDefinitions.findIndex(({ name }) => name === metric)
  if (index < 0) throw new Error(`the registry has no metric ${metric}`)
  return rounds * (20 + 2 * index)
}

/** The value of each observation of a histogram: the bound of its first bucket. */
export function registryValue(metric: string): number {
  return findMetric(metric)?.buckets?.[0] ?? 1
}

function metricOf(definition: MetricDefinition, rounds: number): object {
  const { name, unit, instrument } = definition
  const total = registryTotal(name, rounds)
  const dataPoints = pointsOf(definition, total)
  if (instrument === 'gauge') return { name, unit, gauge: { dataPoints } }
  if (instrument === 'histogram') return { name, unit, histogram: { aggregationTemporality: 2, dataPoints } }
  return { name, unit, sum: { isMonotonic: instrument === 'counter', aggregationTemporality: 2, dataPoints } }
}

/** Sends all of them, as they are after so many rounds. */
export function sendRegistry(otlp: string, service: string, rounds: number): Promise<void> {
  const metrics = metricDefinitions.map((definition) => metricOf(definition, rounds))
  return sendMetrics(otlp, service, metrics, [text(ATTR_SERVICE_INSTANCE_ID, `${service}-1`)])
}
