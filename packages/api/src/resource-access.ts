import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AGENTEL_RESOURCE_ACTION,
  ATTR_AGENTEL_RESOURCE_NAME,
  ATTR_AGENTEL_RESOURCE_OUTCOME,
  ATTR_AGENTEL_RESOURCE_TYPE,
  EVENT_AGENTEL_RESOURCE_ACCESSED,
} from '@agentel/semconv'
import { SEVERITY, emitEvent } from './log-events.ts'

/** An agent's access to something. */
export interface ResourceAccess {
  /** `file`, `database`, `url`, … */
  readonly type: string
  /** `report.pdf` */
  readonly name?: string
  /** `read`, `write`, `delete`, … */
  readonly action: string
  /** What came of it: `allowed`, `denied`, `failed`. */
  readonly outcome?: string
  readonly attributes?: Attributes
}

/** Records that a resource was accessed: event `agentel.resource.accessed`. */
export function recordResourceAccess({ type, name, action, outcome, attributes }: ResourceAccess): void {
  emitEvent(
    EVENT_AGENTEL_RESOURCE_ACCESSED,
    {
      [ATTR_AGENTEL_RESOURCE_TYPE]: type,
      [ATTR_AGENTEL_RESOURCE_NAME]: name,
      [ATTR_AGENTEL_RESOURCE_ACTION]: action,
      [ATTR_AGENTEL_RESOURCE_OUTCOME]: outcome,
      ...attributes,
    },
    { severity: SEVERITY.INFO },
  )
}
