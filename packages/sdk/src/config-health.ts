import type { HealthMonitorOptions } from '@agentel/health'
import type { AgentelConfig } from './generated/config-fields.ts'

/** The section `health` as the monitor takes it. */
export function watchOf(health: AgentelConfig['health']): HealthMonitorOptions | false {
  const { enabled, windowMinutes, minimumRuns, intervalMs, ...rest } = health
  const { degradedBelow, unhealthyBelow, degradedAboveMs, unhealthyAboveMs } = rest
  const thresholds = { degradedBelow, unhealthyBelow, degradedAboveMs, unhealthyAboveMs }
  return enabled && { thresholds, windowMs: windowMinutes * 60_000, minimumRuns, intervalMs }
}
