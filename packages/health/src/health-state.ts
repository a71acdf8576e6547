import {
  AGENTEL_HEALTH_STATE_VALUE_DEGRADED,
  AGENTEL_HEALTH_STATE_VALUE_FAILED,
  AGENTEL_HEALTH_STATE_VALUE_HEALTHY,
  AGENTEL_HEALTH_STATE_VALUE_UNHEALTHY,
} from '@agentel/semconv'

/** `healthy`: all is well; `degraded`: works, with problems; `unhealthy` (of a worker `failed`): does not work. */
export type HealthState = 'healthy' | 'degraded' | 'unhealthy' | 'failed'

/** The states that a component of a kind can be in, from good to bad. */
export const STATES = {
  agent: [
    AGENTEL_HEALTH_STATE_VALUE_HEALTHY,
    AGENTEL_HEALTH_STATE_VALUE_DEGRADED,
    AGENTEL_HEALTH_STATE_VALUE_UNHEALTHY,
  ],
  worker: [AGENTEL_HEALTH_STATE_VALUE_HEALTHY, AGENTEL_HEALTH_STATE_VALUE_DEGRADED, AGENTEL_HEALTH_STATE_VALUE_FAILED],
  dependency: [
    AGENTEL_HEALTH_STATE_VALUE_HEALTHY,
    AGENTEL_HEALTH_STATE_VALUE_DEGRADED,
    AGENTEL_HEALTH_STATE_VALUE_UNHEALTHY,
  ],
} as const satisfies Record<string, readonly HealthState[]>

/** What has a health. */
export type ComponentKind = keyof typeof STATES

/** How bad an issue is: 1 degrades, 2 makes useless. */
export type Badness = 0 | 1 | 2

/** What was found: how bad it is, and a sentence about it. */
export interface Issue {
  readonly badness: Badness
  readonly text: string
}

/** The state that follows from issues: that of the worst. */
export function stateOf(kind: ComponentKind, issues: readonly Issue[]): HealthState {
  return STATES[kind][issues.reduce<Badness>((worst, { badness }) => (badness > worst ? badness : worst), 0)]
}
