import { type Context, createContextKey, trace } from '@opentelemetry/api'
import type { Operation } from './operation.ts'

/** A call for which a span has been started, and that another library may be about to carry out over the wire. */
interface OfferedCall {
  readonly method: string
  readonly target: string | undefined
  operation: Operation | undefined
  claimed: boolean
}

const OFFERED = createContextKey('agentel.claimable_call.1')

/**
 * The context in which the operation's span stands for one call of `method` (`tools/call`), so that whoever carries it
 * out completes that span instead of starting a second one.
 *
 * @param target what is called: the tool's name
 */
export function offerCall(context: Context, method: string, target?: string): Context {
  return context.setValue(OFFERED, { method, target, operation: undefined, claimed: false } satisfies OfferedCall)
}

/** Says which operation the offer in its context is about, once it has been started. */
export function bindOfferedCall(operation: Operation): void {
  const offered = operation.context.getValue(OFFERED) as OfferedCall | undefined
  if (offered !== undefined) offered.operation ??= operation
}

/**
 * The operation whose span stands for this call; only the first call gets it, and only directly below the span: what
 * lies between has a span of its own because it is something else. Frameworks put a server's name before the tool's
 * (`files__read`), so the end of the name decides.
 */
export function claimCall(context: Context, method: string, target?: string): Operation | undefined {
  const offered = context.getValue(OFFERED) as OfferedCall | undefined
  const { operation } = offered ?? {}
  if (offered === undefined || operation === undefined || offered.claimed || operation.ended) return undefined
  if (offered.method !== method || !isSame(offered.target, target)) return undefined
  if (trace.getSpan(context) !== operation.span) return undefined
  offered.claimed = true
  return operation
}

function isSame(offered: string | undefined, target: string | undefined): boolean {
  return offered === target || (target !== undefined && offered?.endsWith(`_${target}`) === true)
}
