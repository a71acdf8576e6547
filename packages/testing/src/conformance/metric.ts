import { findMetric } from '@agentel/semconv/registry'
import type { MetricDefinition } from '@agentel/semconv/registry'
import { attributeNameV141, metricsV141, metricV141 } from '@agentel/semconv/v1-41'
import { checkAttributes, checkRequired, isCurrentIn, isOurs } from './attributes.ts'
import type { ConformanceOptions, Say } from './finding.ts'

/** What the checker needs of a collected metric; `MetricData` of both SDK lines fits. */
export interface CheckedMetric {
  readonly descriptor: { readonly name: string; readonly unit: string }
  /** As in the metrics SDK: 0 histogram, 1 exponential histogram, 2 gauge, 3 sum. */
  readonly dataPointType: number
  readonly isMonotonic?: boolean
  readonly dataPoints: readonly {
    readonly attributes: Readonly<Record<string, unknown>>
    readonly value: unknown
  }[]
}

/** The application declares these itself. */
const declaredByApplication = 'agentel.business.'

/** Checks a metric and all its points. Metrics under other names are not looked at. */
export function checkMetric(metric: CheckedMetric, options: ConformanceOptions, say: Say): void {
  const { name, unit } = metric.descriptor
  if (!isOurs(name) || name.startsWith(declaredByApplication)) return
  const definition = findMetric(name)
  if (definition === undefined) return say('unregistered', `metric ${name} is not in the registry`)
  checkGeneration(name, definition, options, say)
  if (unit !== definition.unit) say('unit', `unit is ${unit}, not ${definition.unit}`)
  const instrument = instrumentOf(metric)
  if (instrument !== definition.instrument)
    say('instrument', `instrument is ${instrument}, not ${definition.instrument}`)
  checkBuckets(metric, definition, say)
  const allowed = allowedOn(name, definition, options)
  for (const { attributes } of metric.dataPoints) {
    checkAttributes(attributes, options, false, say)
    checkRequired(definition.attributes, attributes, options, say)
    checkUnexpected(attributes, allowed, say)
  }
}

function checkGeneration(name: string, definition: MetricDefinition, options: ConformanceOptions, say: Say): void {
  const { deprecated } = definition
  if (deprecated !== undefined && !isCurrentIn(name, options.profile))
    say('deprecated', `metric is deprecated${deprecated.renamedTo ? `: use ${deprecated.renamedTo}` : ''}`)
  if (options.profile === 'v1_41' && metricV141(name)?.name !== name) say('not_in_profile', 'metric is not in 1.41')
}

function instrumentOf({ dataPointType, isMonotonic }: CheckedMetric): MetricDefinition['instrument'] {
  if (dataPointType <= 1) return 'histogram'
  if (dataPointType === 2) return 'gauge'
  return isMonotonic === true ? 'counter' : 'updowncounter'
}

function checkBuckets({ dataPointType, dataPoints }: CheckedMetric, { buckets }: MetricDefinition, say: Say): void {
  if (dataPointType !== 0 || buckets === undefined) return
  for (const { value } of dataPoints) {
    const found = (value as { buckets?: { boundaries?: readonly number[] } } | undefined)?.buckets?.boundaries ?? []
    if (found.join() !== buckets.join()) return say('buckets', `buckets are [${found.join()}], not [${buckets.join()}]`)
  }
}

/** An attribute that the definition does not list makes series without number. */
function checkUnexpected(attributes: Readonly<Record<string, unknown>>, allowed: ReadonlySet<string>, say: Say): void {
  for (const key of Object.keys(attributes))
    if (!allowed.has(key)) say('unexpected_attribute', `attribute ${key} does not belong on this metric`)
}

/** Several of the latest metrics are one in 1.41, which has the attributes of each. */
function allowedOn(name: string, definition: MetricDefinition, { profile }: ConformanceOptions): ReadonlySet<string> {
  const became = profile === 'v1_41' ? Object.keys(metricsV141).filter((key) => metricV141(key)?.name === name) : []
  const definitions = [definition, ...became.flatMap((key) => findMetric(key) ?? [])]
  const keys = definitions.flatMap(({ attributes }) => attributes.map(({ key }) => key))
  return new Set(keys.flatMap((key) => [key, attributeNameV141(key) ?? key]))
}
