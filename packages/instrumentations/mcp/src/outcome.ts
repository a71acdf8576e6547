import type { Operation } from '@agentel/api'
import { ATTR_RPC_RESPONSE_STATUS_CODE } from '@agentel/semconv'
import type { Message } from './message.ts'

/** Codes of JSON-RPC and MCP that blame the caller: no failure of the server that says them. */
const CALLERS_FAULT: ReadonlySet<unknown> = new Set([-32700, -32600, -32601, -32602, -32002])

/** Writes on the span how a request was answered, as the side sees it whose span it is. */
export function recordAnswer(operation: Operation, { result, error }: Message, side: 'client' | 'server'): void {
  if (error !== undefined) {
    const { code } = error
    operation.set({ [ATTR_RPC_RESPONSE_STATUS_CODE]: String(code) })
    if (side === 'client' || !CALLERS_FAULT.has(code)) failWith(operation, String(code), textOf(error.message))
  } else if (result?.isError === true) {
    // What the tool says went wrong is content: it is the answer that the model gets.
    failWith(operation, 'tool_error', 'The tool answered with an error.')
  }
}

/** The peer will not be told any more, or does not want to know: a time-out, a cancellation. */
export function recordCancelled(operation: Operation, reason: unknown): void {
  const timedOut = /tim(ed|e)[ -]?out/i.test(textOf(reason))
  if (timedOut) failWith(operation, 'timeout', 'The request timed out.')
  else failWith(operation, 'cancelled', 'The request was cancelled.')
}

/** The connection is gone and no answer will come. */
export function recordClosed(operation: Operation): void {
  failWith(operation, CONNECTION_CLOSED, 'The connection was closed before the answer came.')
}

/** `error.type` of what a closed connection cut off: MCP's code for it. */
export const CONNECTION_CLOSED = '-32000'

function failWith(operation: Operation, type: string, message: string): void {
  operation.fail({ name: 'McpError', message }, { type, message })
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
