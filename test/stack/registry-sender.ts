/** A service that sends every metric of the registry, with values that are known. */
import { type MetricDefinition, findAttribute, metricDefinitions } from '../../packages/semconv/src/registry.ts'
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

function metricOf(definition: MetricDefinition, total: number): object {
  const { name, unit, instrument } = definition
  const dataPoints = pointsOf(definition, total)
  if (instrument === 'gauge') return { name, unit, gauge: { dataPoints } }
  if (instrument === 'histogram') return { name, unit, histogram: { aggregationTemporality: 2, dataPoints } }
  return { name, unit, sum: { isMonotonic: instrument === 'counter', aggregationTemporality: 2, dataPoints } }
}

/** Sends all of them; every counter, and the count of every histogram, has `total` in all. */
export function sendRegistry(otlp: string, service: string, total: number): Promise<void> {
  const metrics = metricDefinitions.map((definition) => metricOf(definition, total))
  return sendMetrics(otlp, service, metrics, [text(ATTR_SERVICE_INSTANCE_ID, `${service}-1`)])
}
