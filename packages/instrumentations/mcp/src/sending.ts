import { type Attributes, type Context, context as contextApi, SpanKind } from '@opentelemetry/api'
import {
  capturesOnSpans,
  claimCall,
  injectContext,
  isTracingSuppressed,
  type Operation,
  setContent,
  startOperation,
} from '@agentel/api'
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROMPT_VARIABLE,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_MCP_PROTOCOL_VERSION,
  MCP_METHOD_NAME_VALUE_INITIALIZE,
  MCP_METHOD_NAME_VALUE_PROMPTS_GET,
  MCP_METHOD_NAME_VALUE_TOOLS_CALL,
} from '@agentel/semconv'
import type { Conversation } from './conversation.ts'
import { type Message, requestAttributes, spanName, targetOf } from './message.ts'
import { recordCancelled } from './outcome.ts'
import { sessionFacts } from './transport-facts.ts'

/** A message that is about to be sent. */
export interface Outgoing {
  readonly context: Context
  /** What is sent in the place of the SDK's message, whose parameters are the application's. */
  readonly message: Message
  /** It could not be sent. */
  failed(error: unknown): void
}

/** Starts the span of a request (or completes the one that stands for it), and puts the trace context into it. */
export function sendRequest(conversation: Conversation, message: Message, signal: unknown): Outgoing | undefined {
  const parent = contextApi.active()
  if (isTracingSuppressed(parent)) return undefined
  const { sent, session } = conversation
  const method = String(message.method)
  if (method === MCP_METHOD_NAME_VALUE_INITIALIZE) session.begin('client')
  const attributes = { ...requestAttributes(message), ...connectionAttributes(conversation, message) }
  const claimed = claimCall(parent, method, targetOf(message))
  const operation = claimed ?? startClientSpan(conversation, message, attributes, parent)
  if (claimed !== undefined) {
    // The framework's names for the tool and the operation stay.
    const { [ATTR_GEN_AI_TOOL_NAME]: _tool, [ATTR_GEN_AI_OPERATION_NAME]: _operation, ...own } = attributes
    operation.set(own)
  } else setRequestContent(operation, message)
  sent.add(message.id, { operation, borrowed: claimed !== undefined, method })
  watchAbort(conversation, message.id, signal)
  const context = claimed === undefined ? operation.context : parent
  return {
    context,
    message: withContext(conversation, message, context),
    failed: (error) => sent.settle(message.id, () => operation.fail(error)),
  }
}

/** A notification has no span of its own: it belongs to what is under way. */
export function sendNotification(conversation: Conversation, message: Message): Outgoing {
  const context = contextApi.active()
  return { context, message: withContext(conversation, message, context), failed: () => undefined }
}

/** What is known of the connection when a request passes over it. */
export function connectionAttributes({ transport, facts, session }: Conversation, message: Message): Attributes {
  const version = session.version === undefined ? undefined : { [ATTR_MCP_PROTOCOL_VERSION]: session.version }
  const { [ATTR_MCP_PROTOCOL_VERSION]: own } = requestAttributes(message)
  const named = own === undefined ? undefined : { [ATTR_MCP_PROTOCOL_VERSION]: own }
  return { ...facts.attributes, ...version, ...sessionFacts(transport), ...named }
}

/** Content of a request: a tool's arguments, a prompt's variables. */
export function setRequestContent(operation: Operation, { method, params }: Message): void {
  if (!capturesOnSpans(operation.context)) return
  if (method === MCP_METHOD_NAME_VALUE_TOOLS_CALL) {
    setContent(operation, ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, params?.arguments)
  } else if (method === MCP_METHOD_NAME_VALUE_PROMPTS_GET) {
    for (const [name, value] of Object.entries(params?.arguments ?? {})) {
      operation.set({ [ATTR_GEN_AI_PROMPT_VARIABLE(name)]: String(value) })
    }
  }
}

/** Content of an answer: what a tool gave. */
export function setResultContent(operation: Operation, method: string, { result }: Message): void {
  if (method === MCP_METHOD_NAME_VALUE_TOOLS_CALL) setContent(operation, ATTR_GEN_AI_TOOL_CALL_RESULT, result)
}

function startClientSpan(
  { tracer }: Conversation,
  message: Message,
  attributes: Attributes,
  parent: Context,
): Operation {
  return startOperation({ name: spanName(message), kind: SpanKind.CLIENT, attributes, parent, tracer: tracer() })
}

/** SEP-414: `traceparent`, `tracestate` and `baggage` are fields of `_meta`, without a prefix. */
function withContext({ facts, options }: Conversation, message: Message, context: Context): Message {
  const { propagateIdentity = 'local' } = options
  const identity = propagateIdentity === 'all' || (propagateIdentity === 'local' && facts.local)
  const meta = injectContext({ ...message.params?._meta }, { context, identity })
  if (Object.keys(meta).length === 0) return message
  return { ...message, params: { ...message.params, _meta: meta } }
}

/** Newer revisions cancel a request over HTTP by breaking off its stream, without telling. */
function watchAbort({ sent }: Conversation, id: unknown, signal: unknown): void {
  if (!(signal instanceof AbortSignal)) return
  const aborted = (): void => sent.settle(id, ({ operation }) => recordCancelled(operation, undefined))
  signal.addEventListener('abort', aborted, { once: true })
}
