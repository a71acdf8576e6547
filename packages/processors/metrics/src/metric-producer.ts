import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api'
import type { MetricDefinition } from '@agentel/semconv/registry'
import type { DistributionCell, SumCell } from './cell.ts'
import { pointAttributes, type Row, type RowStore, type Slot } from './row-store.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** The numbers of OpenTelemetry's enum AggregationTemporality, the same in SDK 2 and 3. */
export const TEMPORALITY = { DELTA: 0, CUMULATIVE: 1 } as const
const POINT_TYPE = { HISTOGRAM: 0, SUM: 3 } as const

/** How sums and distributions are told: since the start, or since the last time; by instrument (`COUNTER`, …) if a function. */
export type Temporality = 'cumulative' | 'delta' | ((instrument: never) => 0 | 1)

/** A point of a metric, as OpenTelemetry's readers take it. */
export interface PointLike<T> {
  readonly startTime: HrTime
  readonly endTime: HrTime
  readonly attributes: Attributes
  readonly value: T
}

/** A distribution as OpenTelemetry's exporters take it. `min` and `max` are those since the start: deltas have none. */
export interface DistributionValue {
  readonly buckets: { boundaries: number[]; counts: number[] }
  readonly sum?: number
  readonly count: number
  readonly min?: number
  readonly max?: number
}

interface DescriptorLike {
  readonly name: string
  readonly description: string
  readonly unit: string
  readonly valueType: ValueType
  /** Only SDK 2 has it. */
  readonly type: string
}

/** A metric with its points. */
export type MetricLike =
  | {
      descriptor: DescriptorLike
      aggregationTemporality: 0 | 1
      dataPointType: 3
      isMonotonic: boolean
      dataPoints: PointLike<number>[]
    }
  | {
      descriptor: DescriptorLike
      aggregationTemporality: 0 | 1
      dataPointType: 0
      dataPoints: PointLike<DistributionValue>[]
    }

/** What was collected at a time. */
export interface CollectedMetrics {
  // The reader puts its own resource in its place; the type differs between SDK 2 and 3.
  // oxlint-disable-next-line typescript/no-explicit-any
  resource: any
  scopeMetrics: { scope: { name: string; version: string }; metrics: MetricLike[] }[]
}

/** OpenTelemetry's MetricProducer, by shape. */
export interface MetricProducerLike {
  collect(): Promise<{ resourceMetrics: CollectedMetrics; errors: unknown[] }>
  /** The same without a promise, for a process that is being ended. */
  collectNow(): CollectedMetrics
}

const INSTRUMENT_TYPE = {
  counter: 'COUNTER',
  updowncounter: 'UP_DOWN_COUNTER',
  histogram: 'HISTOGRAM',
  gauge: 'GAUGE',
} as const

function hrTime(milliseconds: number): HrTime {
  return [Math.floor(milliseconds / 1000), Math.round((milliseconds % 1000) * 1e6)]
}

/** What was told of a cell the last time, for deltas. */
interface Told {
  value: number
  counts: readonly number[]
  count: number
}

/** The state of one reader: each has its own last time. */
interface Reader {
  readonly temporality: Temporality
  readonly told: WeakMap<object, Told>
  lastTime: number
}

function temporalityOf(reader: Reader, instrument: MetricDefinition['instrument']): 0 | 1 {
  const { temporality } = reader
  if (typeof temporality === 'function') return (temporality as (type: string) => 0 | 1)(INSTRUMENT_TYPE[instrument])
  // What goes up and down is only of use as it stands: the same choice as in OpenTelemetry's delta preference.
  return temporality === 'delta' && instrument !== 'updowncounter' ? TEMPORALITY.DELTA : TEMPORALITY.CUMULATIVE
}

function sumValue(reader: Reader, cell: SumCell, delta: boolean): number | undefined {
  if (!delta) return cell.value
  const change = cell.value - (reader.told.get(cell)?.value ?? 0)
  reader.told.set(cell, { value: cell.value, counts: [], count: 0 })
  return change === 0 ? undefined : change
}

function distributionValue(reader: Reader, cell: DistributionCell, delta: boolean): DistributionValue | undefined {
  const boundaries = [...cell.bounds]
  if (!delta) {
    return {
      buckets: { boundaries, counts: [...cell.counts] },
      sum: cell.sum,
      count: cell.count,
      min: cell.min,
      max: cell.max,
    }
  }
  const last = reader.told.get(cell) ?? { value: 0, counts: [], count: 0 }
  if (cell.count === last.count) return undefined
  reader.told.set(cell, { value: cell.sum, counts: [...cell.counts], count: cell.count })
  const counts = cell.counts.map((count, index) => count - (last.counts[index] ?? 0))
  return { buckets: { boundaries, counts }, sum: cell.sum - last.value, count: cell.count - last.count }
}

function emptyMetric({ name, unit, brief, valueType, instrument }: MetricDefinition, temporality: 0 | 1): MetricLike {
  const descriptor: DescriptorLike = {
    name,
    unit,
    description: brief,
    valueType: valueType === 'int' ? ValueType.INT : ValueType.DOUBLE,
    type: INSTRUMENT_TYPE[instrument],
  }
  const common = { descriptor, aggregationTemporality: temporality, dataPoints: [] }
  return instrument === 'histogram'
    ? { ...common, dataPointType: POINT_TYPE.HISTOGRAM }
    : { ...common, dataPointType: POINT_TYPE.SUM, isMonotonic: instrument === 'counter' }
}

interface Collection {
  readonly reader: Reader
  readonly metrics: Map<string, MetricLike>
  readonly now: number
}

function addPoint({ reader, metrics, now }: Collection, row: Row, slot: Slot, cell: SumCell | DistributionCell): void {
  const { definition } = slot
  const temporality = temporalityOf(reader, definition.instrument)
  const delta = temporality === TEMPORALITY.DELTA
  let metric = metrics.get(definition.name)
  if (metric === undefined) {
    metric = emptyMetric(definition, temporality)
    metrics.set(definition.name, metric)
  }
  const startTime = hrTime(delta ? Math.max(row.since, reader.lastTime) : row.since)
  const point = { startTime, endTime: hrTime(now), attributes: pointAttributes(row, slot) }
  if (cell.kind === 'sum' && metric.dataPointType === POINT_TYPE.SUM) {
    const value = sumValue(reader, cell, delta)
    if (value !== undefined) metric.dataPoints.push({ ...point, value })
  } else if (cell.kind === 'distribution' && metric.dataPointType === POINT_TYPE.HISTOGRAM) {
    const value = distributionValue(reader, cell, delta)
    if (value !== undefined) metric.dataPoints.push({ ...point, value })
  }
}

/**
 * Hands the rows of a store to a metric reader.
 * @param store the store, once there is one
 * @param beforeCollect brings the store up to date first
 */
export function createMetricProducer(
  store: () => RowStore | undefined,
  temporality: Temporality,
  beforeCollect: () => void,
): MetricProducerLike {
  const reader: Reader = { temporality, told: new WeakMap(), lastTime: Date.now() }
  const collectNow = (): CollectedMetrics => {
    beforeCollect()
    const collection: Collection = { reader, metrics: new Map(), now: Date.now() }
    for (const family of store()?.families ?? []) {
      for (const row of family.rows) {
        row.cells.forEach((cell, index) => {
          const slot = family.slots[index]
          if (cell !== undefined && cell.kind !== 'foreign' && slot !== undefined) addPoint(collection, row, slot, cell)
        })
      }
    }
    reader.lastTime = collection.now
    const metrics = [...collection.metrics.values()].filter((metric) => metric.dataPoints.length > 0)
    const scopeMetrics = metrics.length === 0 ? [] : [{ scope: { name: SCOPE_NAME, version: SCOPE_VERSION }, metrics }]
    return { resource: undefined, scopeMetrics }
  }
  return { collectNow, collect: () => Promise.resolve({ resourceMetrics: collectNow(), errors: [] }) }
}
