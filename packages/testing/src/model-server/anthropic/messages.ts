import { askScenario } from '../ask-scenario.ts'
import { respondJson, respondStream, type Exchange } from '../exchange.ts'
import type { Route, Services } from '../protocol.ts'
import type { ModelMessage, Reply } from '../reply.ts'
import { argumentsText, countInput, countOutput, type Usage, usageOf } from '../token-counter.ts'
import { errorBody, respondFault, serviceHeaders } from './errors.ts'
import { messageEvents } from './message-events.ts'
import { continueThread, keepThread, type RequestBody } from './threads.ts'
import { invalidMessages, readMessages, schemaOf, toolNames } from './read-request.ts'

/** A block of an answer's content. */
export type ContentBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown }

/** An answer, before it is sent whole or in events. */
export interface MessageAnswer {
  readonly id: string
  readonly model: string
  readonly content: readonly ContentBlock[]
  readonly stopReason: string
  readonly usage: Readonly<Record<string, unknown>>
  /** Arguments of the tool calls as text, by their id: what a stream sends in pieces. */
  readonly argumentsOf: ReadonlyMap<string, string>
}

/** `POST /v1/messages`, whole and streamed, beta or not. */
export const messagesRoute: Route = {
  method: 'POST',
  path: /^\/v1\/messages$/,
  async handle(exchange, services) {
    const body = continueThread(exchange.body ?? {}, services)
    const wrong = invalidRequest(exchange, body, services)
    if (wrong !== undefined) return respondFault(exchange, wrong)
    const messages = readMessages(body)
    exchange.entry.responseModel = snapshotOf(exchange.entry.model)
    const request = { messages, tools: toolNames(body['tools']), schema: schemaOf(body) }
    const reply = await askScenario(exchange, services, { endpoint: 'messages', ...request }, { respondFault })
    if (!reply) return
    const usage = await countUsage(exchange, services, { messages, tools: body['tools'] }, reply)
    exchange.entry.usage = usage
    exchange.entry.usageReported = true
    const answer = answerOf(exchange, reply, usage)
    keepThread(body, answer, services)
    const headed = { ...reply, headers: { ...serviceHeaders(exchange), ...reply.headers } }
    if (!exchange.entry.stream) return respondJson(exchange, 200, wholeMessage(answer), headed)
    const errorChunk = {
      event: 'error',
      data: JSON.stringify(errorBody({ kind: 'overloaded' }, exchange.requestId)),
    }
    await respondStream(exchange, messageEvents(answer, reply), { reply: headed, errorChunk })
  },
}

function invalidRequest(exchange: Exchange, body: RequestBody, services: Services) {
  const { model } = exchange.entry
  const { messages, max_tokens: maxTokens } = body
  const refuse = (message: string) => ({ kind: 'invalid_request', message }) as const
  if (model === '') return refuse('model: Field required')
  if (services.models && !services.models.includes(model))
    return { kind: 'not_found', message: `model: ${model}` } as const
  if (!Number.isInteger(maxTokens)) return refuse('max_tokens: Field required')
  if (Number(maxTokens) < 1) return refuse('max_tokens: must be greater than or equal to 1')
  const wrong = invalidMessages(messages)
  return wrong === undefined ? undefined : refuse(wrong)
}

async function countUsage(
  exchange: Exchange,
  services: Services,
  { messages, tools }: { messages: readonly ModelMessage[]; tools: unknown },
  reply: Reply,
): Promise<Usage> {
  const count = await services.countTokens()
  return usageOf(reply.usage, {
    inputTokens: () => countInput(count, messages, tools),
    outputTokens: () => countOutput(count, reply, [textOfReply(reply)]),
    cachedTokens: () => services.promptCache?.(exchange.entry.model, messages, count) ?? 0,
    reasoningTokens: () => (reply.reasoning === undefined ? 0 : count(reply.reasoning)),
  })
}

function textOfReply({ text = '', refusal }: Reply): string {
  return refusal ?? (typeof text === 'string' ? text : (text[0] ?? ''))
}

/** The words of the other protocol in which a scenario may speak. */
const STOP_REASONS: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
}

function answerOf({ identifiers, entry }: Exchange, reply: Reply, usage: Usage): MessageAnswer {
  const { newId } = identifiers
  const content: ContentBlock[] = []
  if (reply.reasoning !== undefined)
    content.push({ type: 'thinking', thinking: reply.reasoning, signature: newId('', 32) })
  const text = textOfReply(reply)
  const calls = reply.toolCalls ?? []
  if (text !== '' || calls.length === 0) content.push({ type: 'text', text })
  const argumentsOf = new Map<string, string>()
  for (const call of calls) {
    const id = call.id ?? newId('toolu_')
    const written = argumentsText(call.arguments)
    argumentsOf.set(id, written)
    content.push({ type: 'tool_use', id, name: call.name, input: parsed(written) })
  }
  const reason =
    reply.finishReason ?? (calls.length > 0 ? 'tool_use' : reply.refusal === undefined ? 'end_turn' : 'refusal')
  return {
    id: newId('msg_'),
    model: entry.responseModel,
    content,
    stopReason: STOP_REASONS[reason] ?? reason,
    usage: usageObject(usage),
    argumentsOf,
  }
}

/** Anthropic counts the cached tokens beside the input, not in it. */
function usageObject(usage: Usage): Record<string, unknown> {
  const { cacheWriteTokens: written = 0, cacheWrite1hTokens: hour = 0 } = usage
  return {
    input_tokens: usage.inputTokens - usage.cachedTokens - written,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: usage.cachedTokens,
    cache_creation: { ephemeral_5m_input_tokens: written - hour, ephemeral_1h_input_tokens: hour },
    output_tokens: usage.outputTokens,
    output_tokens_details: usage.reasoningTokens > 0 ? { thinking_tokens: usage.reasoningTokens } : null,
    service_tier: 'standard',
  }
}

function wholeMessage({ id, model, content, stopReason, usage }: MessageAnswer): Record<string, unknown> {
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content,
    stop_reason: stopReason,
    stop_sequence: null,
    usage,
  }
}

/** A model can write arguments that are no JSON; the service then shows none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return {}
  }
}

// The service answers an alias with the name of the snapshot that it stands for.
const SNAPSHOTS: Readonly<Record<string, string>> = {
  'claude-haiku-4-5': 'claude-haiku-4-5-20251001',
  'claude-opus-4-1': 'claude-opus-4-1-20250805',
  'claude-opus-4-5': 'claude-opus-4-5-20251101',
  'claude-sonnet-4-5': 'claude-sonnet-4-5-20250929',
}

function snapshotOf(model: string): string {
  return SNAPSHOTS[model] ?? model
}
