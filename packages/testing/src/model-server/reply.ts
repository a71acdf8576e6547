import type { IncomingHttpHeaders } from 'node:http'

/** Token counts that replace what the server would count itself; all in tokens, omitted parts are counted. */
export interface UsageOverride {
  inputTokens?: number
  outputTokens?: number
  /** Part of `inputTokens` that came out of the provider's prompt cache. Default 0. */
  cachedTokens?: number
  /** Part of `inputTokens` that was written into the cache, where the provider bills that (Anthropic). Default 0. */
  cacheWriteTokens?: number
  /** Part of `cacheWriteTokens` that is kept for an hour, which Anthropic bills higher. Default 0. */
  cacheWrite1hTokens?: number
  /** Part of `outputTokens` that was reasoning. Default: the tokens of `reasoning`. */
  reasoningTokens?: number
}

/** A tool call that the model asks for. */
export interface ReplyToolCall {
  name: string
  /** An object is serialised; a string goes out as it is, malformed JSON included. */
  arguments: string | Record<string, unknown>
  /** Default: a fresh id of the provider's shape. */
  id?: string
}

/** Named refusals of the real service; each has its status, type, code and wording. */
export type FaultKind =
  | 'invalid_request'
  | 'context_length'
  | 'unauthorized'
  | 'permission'
  | 'not_found'
  | 'rate_limit'
  | 'quota'
  | 'server'
  | 'overloaded'

/** What the service says instead of an answer. */
export interface Fault {
  kind: FaultKind
  /** Replaces the kind's status. */
  status?: number
  /** Replaces the kind's wording. */
  message?: string
  /** Seconds, sent as `Retry-After` (fractions allowed, as the SDKs accept them). */
  retryAfter?: number
}

/** A streamed answer that does not end as it should. */
export interface Interruption {
  /** How many chunks go out first. Unstreamed answers are cut in the middle of the body whatever this says. */
  afterChunks: number
  /** `drop` destroys the socket, `error` sends an error object in the stream, `hang` sends nothing more. */
  how: 'drop' | 'error' | 'hang'
}

/** What the pretended model answers to one request. */
export interface Reply {
  /** The text; for `n > 1` one per choice (the last is repeated if there are too few). */
  text?: string | readonly string[]
  /** A refusal in place of a text. */
  refusal?: string
  /** Summary of the model's reasoning, shown by endpoints that show reasoning. */
  reasoning?: string
  toolCalls?: readonly ReplyToolCall[]
  /** `stop`, `length`, `content_filter` …; default by content. */
  finishReason?: string
  usage?: UsageOverride
  /** The pieces in which `text` is streamed; default: word by word. */
  chunks?: readonly string[]
  /** Milliseconds before the first byte. */
  delay?: number
  /** Milliseconds between streamed chunks. */
  chunkDelay?: number
  interrupt?: Interruption
  /** No answer at all, not even headers: the connection is dropped at once, or left to wait until the client gives up. */
  silence?: 'drop' | 'hang'
  fault?: Fault
  /** Added to the response's headers, lower-case names. */
  headers?: Readonly<Record<string, string>>
  /** Copied to the ledger, e.g. the name of the agent that asked. */
  label?: string
  /** Sent instead of a body of the protocol's shape, with status 200. */
  rawBody?: string
}

/** One message of a request, in one shape for all endpoints. */
export interface ModelMessage {
  role: string
  /** All text parts joined. */
  text: string
  name?: string
  toolCalls: readonly { id: string; name: string; arguments: string }[]
  /** Set on tool results. */
  toolCallId?: string
}

/** A request as a scenario sees it. */
export interface ModelRequest {
  endpoint: 'chat' | 'completions' | 'responses' | 'embeddings' | 'messages'
  model: string
  stream: boolean
  messages: readonly ModelMessage[]
  /** Names of the tools that the model may call. */
  tools: readonly string[]
  /** JSON schema of the wanted answer, if the request has one. */
  schema: Record<string, unknown> | undefined
  /** 0 for the first attempt of a call, then what the SDK says about its retries. */
  attempt: number
  /** 0 for the server's first request, counted over all endpoints. */
  index: number
  headers: IncomingHttpHeaders
  /** The body as parsed. */
  body: Readonly<Record<string, unknown>>
}

/** Decides what the pretended model answers. Throwing makes the server answer 500 and fails no test by itself. */
export type Scenario = (request: ModelRequest) => Reply | Promise<Reply>

/** Answers every request: an instance of the schema if there is one, else a sentence that quotes the question. */
export const defaultScenario: Scenario = (request) => {
  if (request.schema) return { text: JSON.stringify(instanceOf(request.schema)) }
  const question = request.messages.findLast((message) => message.role === 'user')?.text ?? ''
  return { text: `You asked: ${question}` }
}

type Schema = Readonly<Record<string, unknown>>

/** The smallest value that a JSON schema (the subset of structured outputs) accepts. */
export function instanceOf(schema: Schema, root: Schema = schema): unknown {
  const inner = (part: unknown) => instanceOf((part ?? {}) as Schema, root)
  if (schema['const'] !== undefined) return schema['const']
  if (Array.isArray(schema['enum'])) return schema['enum'][0]
  if (typeof schema['$ref'] === 'string') return inner(definitionOf(schema['$ref'], root))
  if (Array.isArray(schema['anyOf'])) return inner(schema['anyOf'].at(-1))
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type']
  if (type === 'object') {
    const properties = Object.entries((schema['properties'] ?? {}) as Schema)
    return Object.fromEntries(properties.map(([key, part]) => [key, inner(part)]))
  }
  if (type === 'array') return Number(schema['minItems'] ?? 0) === 0 ? [] : [inner(schema['items'])]
  if (type === 'number' || type === 'integer') return schema['minimum'] ?? 1
  if (type === 'boolean') return true
  return type === 'null' ? null : 'text'
}

/** What `#/$defs/name` points at. */
function definitionOf(reference: string, root: Schema): unknown {
  const keys = reference.replace(/^#\/?/, '').split('/').filter(Boolean)
  return keys.reduce<unknown>((part, key) => (part as Schema | undefined)?.[key], root)
}
