import { type Context, context as contextApi, type Link, SpanKind, trace } from '@opentelemetry/api'
import { extractContext, isTracingSuppressed, startOperation } from '@agentel/api'
import { MCP_METHOD_NAME_VALUE_INITIALIZE } from '@agentel/semconv'
import type { Conversation } from './conversation.ts'
import { type Message, requestAttributes, spanName } from './message.ts'
import { connectionAttributes, setRequestContent } from './sending.ts'

/** Starts the span of a request that came, as a child of the sender's; gives the context in which it is handled. */
export function receiveRequest(conversation: Conversation, message: Message): Context {
  const ambient = contextApi.active()
  if (isTracingSuppressed(ambient)) return ambient
  const method = String(message.method)
  if (method === MCP_METHOD_NAME_VALUE_INITIALIZE) conversation.session.begin('server')
  const parent = senderOf(conversation, message, ambient)
  const operation = startOperation({
    name: spanName(message),
    kind: SpanKind.SERVER,
    attributes: { ...requestAttributes(message), ...connectionAttributes(conversation, message) },
    parent,
    links: linkTo(ambient, parent),
    tracer: conversation.tracer(),
  })
  setRequestContent(operation, message)
  conversation.received.add(message.id, { operation, borrowed: false, method })
  return operation.context
}

/** The context of whoever sent a message; what is active here when the message does not tell. */
export function senderOf({ options }: Conversation, { params }: Message, ambient: Context): Context {
  return extractContext(params?._meta, { context: ambient, accept: options.acceptIdentity ?? true })
}

/** The span of the HTTP request that brought the message goes its own way. */
function linkTo(ambient: Context, parent: Context): Link[] {
  const around = trace.getSpanContext(ambient)
  if (around === undefined || around.spanId === trace.getSpanContext(parent)?.spanId) return []
  return [{ context: around }]
}
