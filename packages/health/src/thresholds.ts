import type { Issue } from './health-state.ts'

/** From where on a component is degraded, and from where on unhealthy. */
export interface HealthThresholds {
  /** Share of runs that succeed, 0 to 1; below it degraded. 0.95 */
  readonly degradedBelow: number
  /** 0.9 */
  readonly unhealthyBelow: number
  /** Response time in ms; above it degraded. 5000 */
  readonly degradedAboveMs: number
  /** 10,000 */
  readonly unhealthyAboveMs: number
}

/** What holds where nothing else is said. */
export const DEFAULT_THRESHOLDS: HealthThresholds = {
  degradedBelow: 0.95,
  unhealthyBelow: 0.9,
  degradedAboveMs: 5000,
  unhealthyAboveMs: 10_000,
}

/** Whether a share of runs that succeeded is an issue. */
export function judgeSuccess(succeeded: number, runs: number, limits: HealthThresholds): Issue[] {
  const rate = succeeded / runs
  const badness = rate < limits.unhealthyBelow ? 2 : rate < limits.degradedBelow ? 1 : 0
  if (badness === 0) return []
  const limit = badness === 2 ? limits.unhealthyBelow : limits.degradedBelow
  return [{ badness, text: `${runs - succeeded} of ${runs} runs failed: success is below ${percent(limit)}` }]
}

/** Whether a response time in ms is an issue. @param what whose: `ping`, `p95 of the model calls` */
export function judgeResponse(ms: number, what: string, limits: HealthThresholds): Issue[] {
  const badness = ms > limits.unhealthyAboveMs ? 2 : ms > limits.degradedAboveMs ? 1 : 0
  if (badness === 0) return []
  const limit = badness === 2 ? limits.unhealthyAboveMs : limits.degradedAboveMs
  return [{ badness, text: `${what} took ${seconds(ms)}, more than ${seconds(limit)}` }]
}

/** ms as seconds for people. */
export function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`
}
