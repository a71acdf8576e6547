/** PromQL of the dashboards, over the names of the registry. */
import { countSuffix, prometheusLabel, prometheusSelector } from '../../../packages/alerts/src/index.ts'
import { ATTR_ERROR_TYPE, ATTR_SERVICE_NAME } from '../../../packages/semconv/src/index.ts'

/** Labels that must be equal; `'*'` has the label. */
export type Where = Readonly<Record<string, string>>

/** Of a failed operation. */
export const FAILED: Where = { [ATTR_ERROR_TYPE]: '*' }

/** The dashboard's choice of services. */
const CHOICE = `${prometheusLabel(ATTR_SERVICE_NAME)}=~"$service"`

/** The time that the dashboard shows, and the shortest time over which a rate makes sense. */
export type Span = '$__range' | '$__rate_interval'

/** The series of a metric; its counting ones when no suffix is given. */
export function series(metric: string, where: Where = {}, suffix = countSuffix(metric)): string {
  const selector = prometheusSelector(metric, suffix, where)
  return selector.endsWith('}') ? `${selector.slice(0, -1)}, ${CHOICE}}` : `${selector}{${CHOICE}}`
}

function by(labels: readonly string[]): string {
  return labels.length === 0 ? 'sum' : `sum by (${labels.map(prometheusLabel).join(', ')}) `
}

/**
 * What a counter grew by in the time. `increase` begins at the first point that it sees: of a series that was not there
 * before, all that it holds is growth.
 */
export function grown(
  metric: string,
  span: Span,
  labels: readonly string[] = [],
  where: Where = {},
  suffix?: string,
): string {
  const of = series(metric, where, suffix)
  const born = `last_over_time(${of}[${span}]) unless last_over_time(${of}[1h] offset ${span})`
  return `${by(labels)}((${born}) or increase(${of}[${span}]))`
}

/** Growth a minute. */
export function perMinute(metric: string, labels: readonly string[] = [], where: Where = {}): string {
  return `60 * ${by(labels)}(rate(${series(metric, where)}[$__rate_interval]))`
}

/** Mean of a histogram's values. */
export function mean(metric: string, span: Span, labels: readonly string[] = []): string {
  return `${grown(metric, span, labels, {}, '_sum')} / ${grown(metric, span, labels, {}, '_count')}`
}

/** A percentile of a histogram's values. */
export function quantile(share: number, metric: string, span: Span, labels: readonly string[] = []): string {
  return `histogram_quantile(${share}, ${grown(metric, span, [...labels, 'le'], {}, '_bucket')})`
}

/** The part of a metric's growth that `part` selects. Where there is no such series the part is 0 of the whole. */
export function share(metric: string, part: Where, span: Span, labels: readonly string[] = []): string {
  const whole = grown(metric, span, labels)
  return `(${grown(metric, span, labels, part)} or ${whole} * 0) / ${whole}`
}

/** The growth of one metric for each one of another. */
export function per(metrics: readonly string[], one: string, span: Span, labels: readonly string[] = []): string {
  return `(${metrics.map((metric) => grown(metric, span, labels)).join(' + ')}) / ${grown(one, span, labels)}`
}

/** The sum of the latest values of a gauge. */
export function latest(metric: string, labels: readonly string[] = [], where: Where = {}): string {
  return `${by(labels)}(${series(metric, where)})`
}
