import {
  ATTR_AGENTEL_TRANSFER_CONTEXT,
  ATTR_AGENTEL_TRANSFER_MODE,
  ATTR_AGENTEL_TRANSFER_SOURCE_NAME,
  ATTR_AGENTEL_TRANSFER_TARGET_NAME,
} from '@agentel/semconv'
import { type Handle, type Runner, type SpanOptions, type Starter, type Wrapper, defineConcept } from './concept.ts'
import { defined } from './defined.ts'
import { getAgentName } from './identity.ts'
import type { Operation } from './operation.ts'
import { setContent } from './record-content.ts'

/** Work that one agent hands to another. */
export interface Transfer {
  /** The agent that gets the work. */
  readonly target: string
  /** The agent that gives it; the one at work by default. */
  readonly source?: string
  /** Whether the target's answer comes back, or the target takes over. */
  readonly mode?: 'return_to_caller' | 'pass_control'
  /** What is handed over. Content. */
  readonly context?: unknown
}

/** A handoff that no tool call stands for. */
export interface HandoffOptions extends SpanOptions, Transfer {}

const concept = defineConcept<HandoffOptions>({
  key: 'target',
  describe: (options, parent) => ({
    name: `transfer ${options.target}`,
    attributes: transferAttributes({ ...options, source: options.source ?? getAgentName(parent) }),
  }),
  begin(operation, { context }) {
    setContent(operation, ATTR_AGENTEL_TRANSFER_CONTEXT, context)
    return { methods: {} }
  },
})

/** Says of an operation that is a tool call that it hands over: no second span for one handoff. */
export function markHandoff(operation: Operation, transfer: Transfer): void {
  operation.set(transferAttributes({ ...transfer, source: transfer.source ?? getAgentName(operation.context) }))
  setContent(operation, ATTR_AGENTEL_TRANSFER_CONTEXT, transfer.context)
}

function transferAttributes({
  target,
  source,
  mode,
}: {
  target: string
  source?: string | undefined
  mode?: string
}): Record<string, unknown> {
  return defined({
    [ATTR_AGENTEL_TRANSFER_SOURCE_NAME]: source,
    [ATTR_AGENTEL_TRANSFER_TARGET_NAME]: target,
    [ATTR_AGENTEL_TRANSFER_MODE]: mode,
  })
}

/**
 * A handoff: span `transfer {target}`. When a tool call does it, use {@link markHandoff} instead.
 *
 * @example
 * await handoff({ target: 'refunds', mode: 'pass_control', context: order }, () => refunds.run(order))
 */
export const handoff: Runner<HandoffOptions, Handle> = concept.run
/** Starts a handoff by hand; see {@link handoff}. */
export const startHandoff: Starter<HandoffOptions, Handle> = concept.start
/** Makes every call of a function a handoff; see {@link handoff}. */
export const wrapHandoff: Wrapper<HandoffOptions> = concept.wrap
