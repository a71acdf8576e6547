/** The course of a metric that may never have been sent. */
import type { MetricList, MetricSeriesList } from '../../src/api/contract.ts'
import { version } from './live.ts'
import { window } from './range.ts'
import { api, useResource } from './resource.ts'

/**
 * Series of a metric in the page's time range; asks for them only when the store knows the name.
 * @param by sums up series that agree in this attribute
 */
export function useMetricSeries(name: string, by?: string): MetricSeriesList['series'] {
  const known = useResource<MetricList>(api('metrics', { pattern: name }), version.value).data
  const there = known?.metrics.some((metric) => metric.name === name) ?? false
  const address = there ? api('metrics/series', { ...window.value, name, by }) : null
  return useResource<MetricSeriesList>(address, version.value).data?.series ?? []
}
