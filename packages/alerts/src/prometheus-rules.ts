import { stringify } from 'yaml'
import { countSuffix, isGauge, isHistogram, prometheusLabel, prometheusSelector } from './prometheus-names.ts'
import type { AlertRule } from './rule.ts'

/** How rules are written for Prometheus. */
export interface PrometheusRulesOptions {
  /** Name of the group; default `agentel`. */
  readonly group?: string
  /**
   * Attributes by which every rule is evaluated, beside those of its own `groupBy`. Prometheus has the series of many
   * services: with `['service.name']` the trouble of one is not hidden by the health of the others.
   */
  readonly by?: readonly string[]
  /** Address of the runbook of a rule that has none of its own; `{name}` in it is the rule's name. */
  readonly runbook?: string
}

/**
 * The same rules for Prometheus, as the YAML of a rule file. Metrics are named as the collector's Prometheus exporter
 * and Prometheus's OTLP receiver name them. `cooldown` is not in it: it is Alertmanager's `repeat_interval`.
 */
export function prometheusRules(rules: readonly AlertRule[], options: PrometheusRulesOptions = {}): string {
  const { group = 'agentel', by = [], runbook } = options
  const prepared = rules.map((rule) => ({
    ...rule,
    groupBy: [...by, ...rule.groupBy],
    ...(runbook === undefined || rule.runbook !== undefined
      ? undefined
      : { runbook: runbook.replaceAll('{name}', rule.name) }),
  }))
  return stringify({ groups: [{ name: group, rules: prepared.map(ruleOf) }] }, { lineWidth: 0 })
}

function ruleOf(rule: AlertRule): object {
  const annotations = {
    ...(rule.summary === undefined ? undefined : { summary: rule.summary }),
    ...(rule.runbook === undefined ? undefined : { runbook_url: rule.runbook }),
  }
  const labels = Object.entries(rule.labels).map(([key, value]) => [prometheusLabel(key), value])
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
    return `absent_over_time(${prometheusSelector(rule.signal, countSuffix(rule.signal), rule.where)}[${durationText(rule.window)}])`
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
  const delta = (fn: string): string => summed(`${fn}(${prometheusSelector(signal, '', where)}${range})`, rule.groupBy)
  const grown = (suffix: string, filter = where, metric = signal, by = rule.groupBy): string =>
    summed(growth(prometheusSelector(metric, suffix, filter), durationText(window)), by)
  switch (rule.aggregation) {
    case 'increase':
    case 'rate':
      return `${isGauge(signal) ? delta('delta') : grown(countSuffix(signal))}${rule.aggregation === 'rate' ? ` / ${window / 1000}` : ''}`
    case 'ratio': {
      const metrics = [rule.numerator?.signal ?? signal].flat()
      const parts = metrics.map((metric) => grown(countSuffix(metric), { ...where, ...rule.numerator?.labels }, metric))
      const below = grown(countSuffix(signal))
      // Where nothing failed there is no series of failures: that is 0 of all, not nothing.
      return `((${parts.join(' + ')}) or ${below} * 0) / ${below}`
    }
    case 'percentile': {
      const share = (rule.percentile ?? 95) / 100
      if (!isHistogram(signal))
        return summed(
          `quantile_over_time(${share}, ${prometheusSelector(signal, '', where)}${range})`,
          rule.groupBy,
          'max',
        )
      return `histogram_quantile(${share}, ${grown('_bucket', where, signal, [...rule.groupBy, 'le'])})`
    }
    case 'average':
      if (!isHistogram(signal))
        return summed(`avg_over_time(${prometheusSelector(signal, '', where)}${range})`, rule.groupBy, 'avg')
      return `${grown('_sum')} / ${grown('_count')}`
    default:
      return summed(prometheusSelector(signal, isHistogram(signal) ? '_sum' : countSuffix(signal), where), rule.groupBy)
  }
}

/**
 * What a counter grew by. `increase` begins at the first point it sees, so that a series born at 4 has grown by nothing:
 * what was not there an hour before, while Prometheus already looked, has grown by all that it holds.
 */
function growth(series: string, window: string): string {
  const born = `last_over_time(${series}[${window}]) unless last_over_time(${series}[1h] offset ${window})`
  return `(${born} and on() (up offset ${window})) or increase(${series}[${window}])`
}

function summed(inner: string, groupBy: readonly string[], operator = 'sum'): string {
  return groupBy.length === 0
    ? `${operator}(${inner})`
    : `${operator} by (${groupBy.map(prometheusLabel).join(', ')}) (${inner})`
}

function durationText(millis: number): string {
  return millis % 60_000 === 0 ? `${millis / 60_000}m` : `${millis}ms`
}
