import { findMetric } from '@agentel/semconv/registry/metrics'
import type { LabelFilter } from './rule.ts'

const unitNames: Readonly<Record<string, string>> = { s: 'seconds', ms: 'milliseconds', By: 'bytes' }

/** Whether a metric goes up and down. */
export function isGauge(metric: string): boolean {
  return ['gauge', 'updowncounter'].includes(findMetric(metric)?.instrument ?? '')
}

/** Whether a metric of `@agentel/semconv` is a histogram. */
export function isHistogram(metric: string): boolean {
  return findMetric(metric)?.instrument === 'histogram'
}

/** What the series that counts is called after the metric: `_total` of a counter, `_count` of a histogram. */
export function countSuffix(metric: string): string {
  if (isHistogram(metric)) return '_count'
  return findMetric(metric)?.instrument === 'counter' ? '_total' : ''
}

/** The label that Prometheus has for an attribute. */
export function prometheusLabel(key: string): string {
  return key.replaceAll(/[^a-zA-Z0-9_]/g, '_')
}

/**
 * The name that the collector's Prometheus exporter and Prometheus's OTLP receiver give a metric of `@agentel/semconv`,
 * with its unit and without the suffix of its kind (`_total`, `_count`, `_sum`, `_bucket`).
 */
export function prometheusName(metric: string): string {
  const { unit = '', instrument } = findMetric(metric) ?? {}
  const words = unit === '1' && instrument === 'gauge' ? 'ratio' : unitNames[unit]
  return `${prometheusLabel(metric)}${words === undefined ? '' : `_${words}`}`
}

/** The selector of a metric's series; `suffix` is one of `_total`, `_count`, `_sum`, `_bucket` or nothing. */
export function prometheusSelector(metric: string, suffix: string, filter: LabelFilter = {}): string {
  const conditions = Object.entries(filter).map(([key, wanted]) => `${prometheusLabel(key)}${conditionOf(wanted)}`)
  const name = `${prometheusName(metric)}${suffix}`
  return conditions.length === 0 ? name : `${name}{${conditions.join(', ')}}`
}

function conditionOf(wanted: string | readonly string[]): string {
  if (wanted === '*') return '!=""'
  if (typeof wanted === 'string') return `=${JSON.stringify(wanted)}`
  return `=~${JSON.stringify(wanted.map((value) => value.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('|'))}`
}
