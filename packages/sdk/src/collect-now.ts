import type { MeterProvider, ResourceMetrics, ScopeMetrics } from '@opentelemetry/sdk-metrics'
import type { MetricProducerLike } from '@agentel/processor-metrics'

interface Storage {
  collect(collector: object, time: [number, number]): ScopeMetrics['metrics'][number] | undefined | null
}

/** What the SDK keeps for itself; the version is ours, and a test holds it to this. */
interface Internals {
  _sharedState?: {
    resource: ResourceMetrics['resource']
    metricCollectors: object[]
    meterSharedStates: Map<
      string,
      {
        _instrumentationScope: ScopeMetrics['scope']
        metricStorageRegistry: { getStorages(collector: object): Storage[] }
      }
    >
  }
}

/**
 * What a metric reader would collect now, without the instruments that are read by callbacks: those are waited for, and
 * a process that is being ended waits for nothing.
 *
 * @param reader the reader's place among those of the provider
 */
export function collectNow(
  provider: MeterProvider,
  reader: number,
  producers: readonly MetricProducerLike[],
): ResourceMetrics | undefined {
  const shared = (provider as unknown as Internals)._sharedState
  const collector = shared?.metricCollectors[reader]
  if (shared === undefined || collector === undefined) return undefined
  const now = Date.now()
  const time: [number, number] = [Math.floor(now / 1000), (now % 1000) * 1e6]
  const scopeMetrics: ScopeMetrics[] = []
  for (const { _instrumentationScope: scope, metricStorageRegistry } of shared.meterSharedStates.values()) {
    // What the SDK counts of itself says nothing any more of a process that is over.
    if (scope.name.startsWith('@opentelemetry/sdk-')) continue
    const metrics = metricStorageRegistry
      .getStorages(collector)
      .flatMap((one) => one.collect(collector, time) ?? [])
      .filter(({ dataPoints }) => dataPoints.length > 0)
    if (metrics.length > 0) scopeMetrics.push({ scope, metrics })
  }
  for (const producer of producers)
    scopeMetrics.push(...(producer.collectNow().scopeMetrics as unknown as ScopeMetrics[]))
  return scopeMetrics.length === 0 ? undefined : { resource: shared.resource, scopeMetrics }
}
