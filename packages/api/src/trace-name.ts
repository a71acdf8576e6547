import { type Attributes, type Context, context as contextApi, createContextKey, trace } from '@opentelemetry/api'
import { ATTR_AGENTEL_TRACE_GROUP_ID, ATTR_AGENTEL_TRACE_NAME } from '@agentel/semconv'
import { defined } from './defined.ts'
import { guard } from './guard.ts'
import { type Identity, setIdentity } from './identity.ts'

/** A trace as the application sees it. */
export interface TraceOptions extends Identity {
  /** Low-cardinality name: `answer question`. */
  readonly name?: string
  /** Groups traces that belong together. */
  readonly groupId?: string
}

const TRACE = createContextKey('agentel.trace.1')

/**
 * Names what `fn` does: name and group are put on the first spans inside (the local root of the trace when there is no
 * span yet), the identity on all.
 *
 * @example
 * await withTrace({ name: 'answer question', groupId: 'thread-7', userId: 'u1' }, () => desk.run(question))
 */
export function withTrace<T>(options: TraceOptions, fn: () => T): T {
  const context = contextApi.active()
  return contextApi.with(guard('api.trace', () => named(context, options)) ?? context, fn)
}

function named(context: Context, { name, groupId, ...identity }: TraceOptions): Context {
  const attributes = defined({ [ATTR_AGENTEL_TRACE_NAME]: name, [ATTR_AGENTEL_TRACE_GROUP_ID]: groupId })
  const entry: Entry = { attributes, parent: parentOf(context) }
  return setIdentity(context.setValue(TRACE, entry), identity)
}

interface Entry {
  readonly attributes: Attributes
  /** Span id of what was active outside. */
  readonly parent: string | undefined
}

/** Name and group, if a span that starts in this context is the first one inside. */
export function traceAttributes(context: Context): Attributes | undefined {
  const entry = context.getValue(TRACE) as Entry | undefined
  return entry !== undefined && entry.parent === parentOf(context) ? entry.attributes : undefined
}

function parentOf(context: Context): string | undefined {
  return trace.getSpanContext(context)?.spanId
}
