import type { Dependency } from './dependency.ts'
import { type HealthState, type Issue, stateOf } from './health-state.ts'
import type { HealthChange } from './health-telemetry.ts'
import { type ProbeResult, createProbe } from './probe.ts'
import { type HealthThresholds, judgeResponse } from './thresholds.ts'

/** A dependency and what a look at it found. */
export interface LookedAt {
  readonly dependency: Dependency
  readonly result: ProbeResult
  readonly state: HealthState
  readonly issues: readonly string[]
}

/** A dependency that is looked after. */
export interface WatchedDependency {
  readonly dependency: Dependency
  /** Looks, or remembers; says what changed. Never rejects. */
  look(thresholds: HealthThresholds, changed: (change: HealthChange) => void): Promise<LookedAt>
}

/** Keeps the state of a dependency from one look to the next. */
export function watchDependency(
  dependency: Dependency & Required<Pick<Dependency, 'timeoutMs' | 'cacheMs'>>,
  now: () => number,
): WatchedDependency {
  const { name, check, timeoutMs, cacheMs } = dependency
  const probe = createProbe({ check, timeoutMs, cacheMs, now })
  let state: HealthState = 'healthy'
  return {
    dependency,
    async look(thresholds, changed) {
      const result = await probe.run()
      const { problem, responseMs } = result
      const issues: Issue[] =
        problem === undefined ? judgeResponse(responseMs, 'the answer', thresholds) : [{ badness: 2, text: problem }]
      const texts = issues.map(({ text }) => text)
      const from = state
      state = stateOf('dependency', issues)
      if (from !== state) changed({ kind: 'dependency', name, from, to: state, issues: texts })
      return { dependency, result, state, issues: texts }
    },
  }
}
