import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AGENTEL_STATE_NAME,
  ATTR_AGENTEL_STATE_NEXT,
  ATTR_AGENTEL_STATE_PREVIOUS,
  ATTR_AGENTEL_STATE_TRIGGER,
  EVENT_AGENTEL_STATE_CHANGED,
} from '@agentel/semconv'
import { SEVERITY, emitEvent } from './log-events.ts'
import { eventContent } from './record-content.ts'

/** A change of an agent's state. */
export interface StateChange {
  /** Which state: `plan`. */
  readonly name: string
  /** What changed it: `tool_result`. */
  readonly trigger?: string
  /** Content. */
  readonly previous?: unknown
  /** Content. */
  readonly next?: unknown
  readonly attributes?: Attributes
}

/** Records that a state changed: event `agentel.state.changed`. */
export function recordStateChange({ name, trigger, previous, next, attributes }: StateChange): void {
  emitEvent(
    EVENT_AGENTEL_STATE_CHANGED,
    {
      [ATTR_AGENTEL_STATE_NAME]: name,
      [ATTR_AGENTEL_STATE_TRIGGER]: trigger,
      ...eventContent(ATTR_AGENTEL_STATE_PREVIOUS, previous),
      ...eventContent(ATTR_AGENTEL_STATE_NEXT, next),
      ...attributes,
    },
    { severity: SEVERITY.INFO },
  )
}
