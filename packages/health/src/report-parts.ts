import type { Component } from './component.ts'
import type { ComponentHealth, DependencyHealth } from './health-report.ts'
import { type Badness, type HealthState, STATES } from './health-state.ts'
import type { LookedAt } from './watched-dependency.ts'

/** A component as a report has it. @param since ms since the epoch, from which on runs count */
export function componentHealth(component: Component, since: number): ComponentHealth {
  const { name, state, issues, lastSeen, ping } = component
  const { count, failed } = component.runs.summary(since)
  const responses = component.responses.summary(since)
  return {
    name,
    state,
    issues,
    lastSeen: new Date(lastSeen).toISOString(),
    runs: count,
    failed,
    ...(responses.count === 0 ? undefined : { p95Ms: Math.round(responses.p95) }),
    ...(ping === undefined ? undefined : { pingMs: Math.round(ping.responseMs) }),
  }
}

/** A dependency as a report has it. */
export function dependencyHealth({ dependency, result, state, issues }: LookedAt): DependencyHealth {
  return {
    name: dependency.name,
    state,
    issues,
    required: dependency.required !== false,
    responseMs: Math.round(result.responseMs),
    checkedAt: new Date(result.at).toISOString(),
  }
}

/** The state of the whole. */
export function worstOf(
  components: readonly { readonly kind: Component['kind']; readonly state: HealthState }[],
  dependencies: readonly DependencyHealth[],
): HealthState {
  const levels = [
    ...components.map(({ kind, state }) => (STATES[kind] as readonly HealthState[]).indexOf(state)),
    ...dependencies.map(({ required, state }) =>
      Math.min((STATES.dependency as readonly HealthState[]).indexOf(state), required ? 2 : 1),
    ),
  ]
  return STATES.agent[Math.max(0, ...levels) as Badness]
}
