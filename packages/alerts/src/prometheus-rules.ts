import { findMetric } from '@agentel/semconv/registry/metrics'
import { stringify } from 'yaml'
import type { AlertRule, LabelFilter } from './rule.ts'

/**
 * The same rules for Prometheus, as the YAML of a rule file. Metrics are named as the collector's Prometheus exporter
 * and Prometheus's OTLP receiver name them. `cooldown` is not in it: it is Alertmanager's `repeat_interval`.
 */
export function prometheusRules(rules: readonly AlertRule[], group = 'agentel'): string {
  return stringify({ groups: [{ name: group, rules: rules.map(ruleOf) }] }, { lineWidth: 0 })
}

function ruleOf(rule: AlertRule): object {
  const annotations = {
    ...(rule.summary === undefined ? undefined : { summary: rule.summary }),
    ...(rule.runbook === undefined ? undefined : { runbook_url: rule.runbook }),
  }
  const labels = Object.entries(rule.labels).map(([key, value]) => [labelName(key), value])
  return {
    alert: rule.name,
    expr: expressionOf(rule),
    ...(rule.for === 0 ? undefined : { for: durationText(rule.for) }),
    labels: { ...Object.fromEntries(labels), severity: rule.severity },
    ...(Object.keys(annotations).length === 0 ? undefined : { annotations }),
  }
}

/** The condition of a rule in PromQL. */
function expressionOf(rule: AlertRule): string {
  if (rule.aggregation === 'absence') {
    // absent_over_time wants one selector that need not match anything.
    return `absent_over_time(${selector(rule.signal, countSuffix(rule.signal), rule.where)}[${durationText(rule.window)}])`
  }
  const value = valueOf(rule)
  if (typeof rule.above === 'number') return `${value} > ${rule.above}`
  if (rule.below !== undefined) return `${value} < ${rule.below}`
  const { percentile = 95, values = 1000, minimum = 50 } = rule.above ?? {}
  // One value a minute.
  const past = `(${value})[${values}m:1m] offset 1m`
  return `${value} > quantile_over_time(${percentile / 100}, ${past}) and count_over_time(${past}) >= ${minimum}`
}

function valueOf(rule: AlertRule): string {
  const { signal, where, window } = rule
  const range = `[${durationText(window)}]`
  const over = (fn: string, suffix: string, filter = where, metric = signal, by = rule.groupBy): string =>
    summed(`${fn}(${selector(metric, suffix, filter)}${range})`, by)
  const isHistogram = findMetric(signal)?.instrument === 'histogram'
  switch (rule.aggregation) {
    case 'increase':
    case 'rate':
      if (!isGauge(signal)) return over(rule.aggregation, countSuffix(signal))
      return `${over('delta', '')}${rule.aggregation === 'rate' ? ` / ${window / 1000}` : ''}`
    case 'ratio': {
      const metrics = [rule.numerator?.signal ?? signal].flat()
      const parts = metrics.map((metric) =>
        over('increase', countSuffix(metric), { ...where, ...rule.numerator?.labels }, metric),
      )
      const below = over('increase', countSuffix(signal))
      // Where nothing failed there is no series of failures: that is 0 of all, not nothing.
      return `((${parts.join(' + ')}) or ${below} * 0) / ${below}`
    }
    case 'percentile': {
      const share = (rule.percentile ?? 95) / 100
      if (!isHistogram)
        return summed(`quantile_over_time(${share}, ${selector(signal, '', where)}${range})`, rule.groupBy, 'max')
      return `histogram_quantile(${share}, ${over('increase', '_bucket', where, signal, [...rule.groupBy, 'le'])})`
    }
    case 'average':
      if (!isHistogram) return summed(`avg_over_time(${selector(signal, '', where)}${range})`, rule.groupBy, 'avg')
      return `${over('increase', '_sum')} / ${over('increase', '_count')}`
    default:
      return summed(selector(signal, isHistogram ? '_sum' : countSuffix(signal), where), rule.groupBy)
  }
}

function summed(inner: string, groupBy: readonly string[], operator = 'sum'): string {
  return groupBy.length === 0
    ? `${operator}(${inner})`
    : `${operator} by (${groupBy.map(labelName).join(', ')}) (${inner})`
}

function isGauge(metric: string): boolean {
  return ['gauge', 'updowncounter'].includes(findMetric(metric)?.instrument ?? '')
}

function countSuffix(metric: string): string {
  const instrument = findMetric(metric)?.instrument
  if (instrument === 'histogram') return '_count'
  return instrument === 'counter' ? '_total' : ''
}

const unitNames: Readonly<Record<string, string>> = { s: 'seconds', ms: 'milliseconds', By: 'bytes' }

function selector(metric: string, suffix: string, filter: LabelFilter | undefined): string {
  const unit = findMetric(metric)?.unit ?? ''
  const words = unit === '1' && findMetric(metric)?.instrument === 'gauge' ? 'ratio' : unitNames[unit]
  const name = `${labelName(metric)}${words === undefined ? '' : `_${words}`}${suffix}`
  const conditions = Object.entries(filter ?? {}).map(([key, wanted]) => `${labelName(key)}${conditionOf(wanted)}`)
  return conditions.length === 0 ? name : `${name}{${conditions.join(', ')}}`
}

function conditionOf(wanted: string | readonly string[]): string {
  if (wanted === '*') return '!=""'
  if (typeof wanted === 'string') return `=${JSON.stringify(wanted)}`
  return `=~${JSON.stringify(wanted.map((value) => value.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('|'))}`
}

function labelName(key: string): string {
  return key.replaceAll(/[^a-zA-Z0-9_]/g, '_')
}

function durationText(millis: number): string {
  return millis % 60_000 === 0 ? `${millis / 60_000}m` : `${millis}ms`
}
