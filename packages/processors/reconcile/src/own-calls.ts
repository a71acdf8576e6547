import { type Context, type Span, trace } from '@opentelemetry/api'
import { hiddenField } from '@agentel/api'
import type { EndingSpan, ReadableSpanLike } from '@agentel/processor-kit'
import { ATTR_GEN_AI_OPERATION_NAME, ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT } from '@agentel/semconv'
import { isModelCall } from '@agentel/semconv/operations'

type OpenSpan = Span & Partial<ReadableSpanLike>

/** Whether a scope is one of ours. */
export function isOurs(scope: string | undefined): boolean {
  return scope?.startsWith('@agentel/') === true
}

/** On the span's context: the one object that a span has from its start to the view of it that ends. */
const around = hiddenField<OpenSpan>()

/** Remembers the span of ours for a model call that a span of another library has started directly in, if it has. */
export function noteOwnCallAround(span: OpenSpan, parentContext: Context): void {
  const parent = trace.getSpan(parentContext) as OpenSpan | undefined
  if (parent === undefined || !isOurs(parent.instrumentationScope?.name)) return
  if (isModelCall(parent.attributes?.[ATTR_GEN_AI_OPERATION_NAME])) around.set(span.spanContext(), parent)
}

/** The span of ours for a model call directly around a span of another library, as long as it goes on. */
export function ownCallAround(span: Pick<EndingSpan, 'spanContext'>): OpenSpan | undefined {
  const parent = around.get(span.spanContext())
  return parent?.isRecording() === true ? parent : undefined
}

/** What the answer says, and where it came from. */
const FACTS = /^gen_ai\.(usage|response)\./

/** Gives a span of ours what another library knows of the same call and it does not. What it says itself, later, wins. */
export function complete(own: OpenSpan, facts: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(facts)) {
    const isFact = FACTS.test(key) || key === ATTR_SERVER_ADDRESS || key === ATTR_SERVER_PORT
    if (isFact && own.attributes?.[key] === undefined) own.setAttribute(key, value as string)
  }
}
