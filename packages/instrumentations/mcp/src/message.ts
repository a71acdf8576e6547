import type { Attributes } from '@opentelemetry/api'
import { setString } from '@agentel/instrumentation-kit'
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_JSONRPC_REQUEST_ID,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_MCP_RESOURCE_URI,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  MCP_METHOD_NAME_VALUE_PROMPTS_GET,
  MCP_METHOD_NAME_VALUE_TOOLS_CALL,
} from '@agentel/semconv'

/** What we read of a JSON-RPC message. */
export interface Message {
  readonly id?: unknown
  readonly method?: string
  readonly params?: Params
  readonly result?: Readonly<Record<string, unknown>>
  readonly error?: { readonly code?: unknown; readonly message?: unknown }
}

/** What we read of a request's parameters. */
export interface Params {
  readonly name?: unknown
  readonly uri?: unknown
  readonly arguments?: unknown
  readonly requestId?: unknown
  readonly reason?: unknown
  readonly _meta?: Readonly<Record<string, unknown>>
}

/** What a message is; anything else on the wire (a batch, something malformed) is left alone. */
export type MessageKind = 'request' | 'notification' | 'response' | 'other'

/** Tells the kind of a message by the fields that it has. */
export function kindOf(message: unknown): MessageKind {
  if (typeof message !== 'object' || message === null) return 'other'
  const { id, method, result, error } = message as Message
  const hasId = id !== undefined && id !== null
  if (typeof method === 'string') return hasId ? 'request' : 'notification'
  return hasId && (result !== undefined || error !== undefined) ? 'response' : 'other'
}

/** The tool or prompt that a request is about. */
export function targetOf({ method, params }: Message): string | undefined {
  const named = method === MCP_METHOD_NAME_VALUE_TOOLS_CALL || method === MCP_METHOD_NAME_VALUE_PROMPTS_GET
  return named && typeof params?.name === 'string' ? params.name : undefined
}

/** Name of a request's span. */
export function spanName(message: Message): string {
  const target = targetOf(message)
  return target === undefined ? String(message.method) : `${message.method} ${target}`
}

/** The field of `_meta` in which peers without sessions name their version with every request. */
const VERSION_FIELD = 'io.modelcontextprotocol/protocolVersion'

/** What a request says of itself. */
export function requestAttributes(message: Message): Attributes {
  const { id, method, params } = message
  const attributes: Attributes = { [ATTR_MCP_METHOD_NAME]: method, [ATTR_JSONRPC_REQUEST_ID]: String(id) }
  const target = targetOf(message)
  if (method === MCP_METHOD_NAME_VALUE_TOOLS_CALL) {
    attributes[ATTR_GEN_AI_OPERATION_NAME] = GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL
    setString(attributes, ATTR_GEN_AI_TOOL_NAME, target)
  } else setString(attributes, ATTR_GEN_AI_PROMPT_NAME, target)
  setString(attributes, ATTR_MCP_RESOURCE_URI, params?.uri)
  setString(attributes, ATTR_MCP_PROTOCOL_VERSION, params?._meta?.[VERSION_FIELD])
  return attributes
}
