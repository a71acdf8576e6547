import type { Context } from '@opentelemetry/api'
import { recordFault } from './guard.ts'
import { catchUpSpans } from './late-spans.ts'
import { sharedState } from './shared-state.ts'

/** A call that is about to be made, as far as it is known before it is made. */
export interface CallRequest {
  /** `gen_ai.operation.name`: chat, embeddings, execute_tool, … */
  readonly operation: string
  /** `gen_ai.provider.name` */
  readonly provider?: string
  /** `gen_ai.request.model` */
  readonly model?: string
  /** `gen_ai.agent.name` of the calling agent */
  readonly agent?: string
  /** `gen_ai.tool.name`, for tool calls */
  readonly tool?: string
  /** Output tokens that the call may use at most, where the request says so. */
  readonly maxOutputTokens?: number
  /** The context in which the call is made; who it is for is `getIdentity(context)`. */
  readonly context: Context
}

/** Looks at a call before it is made. It stops the call by throwing a {@link GateError}; it must be synchronous. */
export type Gate = (request: CallRequest) => void

const BRAND = Symbol.for('agentel.gate_error')

/** What a gate throws to stop a call; it reaches the application in place of the call's result. */
export class GateError extends Error {
  override readonly name = 'GateError'
  /** Which gate: `budget`, … */
  readonly gate: string

  constructor(gate: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.gate = gate
    Object.defineProperty(this, BRAND, { value: true })
  }
}

/** Whether this is a {@link GateError}, also of another copy of this package. */
export function isGateError(error: unknown): error is GateError {
  return typeof error === 'object' && error !== null && (error as { [BRAND]?: unknown })[BRAND] === true
}

/**
 * Registers a gate for every copy of this package in the process.
 *
 * @returns a function that removes it again
 */
export function addGate(gate: Gate): () => void {
  const { gates } = sharedState()
  // A wrapper of its own, so that adding the same function twice needs removing it twice.
  const entry: Gate = (request) => gate(request)
  gates.add(entry)
  return () => void gates.delete(entry)
}

/**
 * Asks every gate. Instrumentations call it before the call is made.
 *
 * @throws GateError when a gate stops the call. Anything else that a gate throws is a fault of ours: counted, not
 * thrown.
 */
export function beforeCall(request: CallRequest): void {
  catchUpSpans()
  for (const gate of sharedState().gates as Set<Gate>) {
    try {
      gate(request)
    } catch (error) {
      if (isGateError(error)) throw error
      recordFault('gate', error)
    }
  }
}

/** Whether there is any gate to ask. */
export function hasGates(): boolean {
  return sharedState().gates.size > 0
}
