/** The metrics of the registry alone, for programs that count and do not check. */
import type { MetricDefinition } from './definitions.ts'
import { metricDefinitions } from './generated/metric-definitions.ts'

export type { AttributeUse, Deprecated, MetricDefinition, RequirementLevel } from './definitions.ts'
export { metricDefinitions }

const metricsByName = new Map(metricDefinitions.map((definition) => [definition.name, definition]))

/** The metric called `name`; undefined when the registry has none. */
export function findMetric(name: string): MetricDefinition | undefined {
  return metricsByName.get(name)
}
