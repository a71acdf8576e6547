import { respondJson, respondStream, type Exchange } from '../exchange.ts'
import type { NewId } from '../identifiers.ts'
import type { Route, Services } from '../protocol.ts'
import type { ModelMessage, Reply } from '../reply.ts'
import { argumentsText, countInput, countOutput, usageOf, type Usage } from '../token-counter.ts'
import { ask, textOf } from './ask.ts'
import { errorBody, respondFault, respondInvalid, serviceHeaders } from './errors.ts'
import { responseEvents, retrievedEvents } from './response-events.ts'

/** A response object of the service's protocol. */
export type ResponseObject = Record<string, unknown> & { id: string; output: Record<string, unknown>[] }

const STORED_RESPONSES = 1000

const createRoute: Route = {
  method: 'POST',
  path: /^\/v1\/responses$/,
  async handle(exchange, services) {
    const body = exchange.body ?? {}
    if (body['input'] === undefined && body['prompt'] === undefined) {
      return respondInvalid(exchange, 'input', "Missing required parameter: 'input'.")
    }
    const answered = await answer(exchange, services)
    if (!answered) return
    const { reply, text, usage } = answered
    const whole = responseOf(exchange, reply, text, usage)
    if (body['store'] !== false) remember(services, whole)
    const headed = { ...reply, headers: { ...serviceHeaders(exchange), ...reply.headers } }
    if (!exchange.entry.stream) return respondJson(exchange, 200, whole, headed)
    const { error } = errorBody({ kind: 'server' })
    const errorChunk = { event: 'error', data: JSON.stringify({ type: 'error', sequence_number: 0, ...error }) }
    await respondStream(exchange, responseEvents(whole, reply), { reply: headed, errorChunk })
  },
}

/** A conversation made shorter: what came of it is not for reading. */
const compactRoute: Route = {
  method: 'POST',
  path: /^\/v1\/responses\/compact$/,
  async handle(exchange, services) {
    const answered = await answer(exchange, services)
    if (!answered) return
    const { newId, created } = exchange.identifiers
    const item = { id: newId('cmp_', 50), type: 'compaction', encrypted_content: newId('', 64) }
    const usage = usageObject(answered.usage)
    const compacted = {
      id: newId('resp_', 50),
      object: 'response.compaction',
      created_at: created,
      output: [item],
      usage,
    }
    respondJson(exchange, 200, compacted, { headers: serviceHeaders(exchange) })
  },
}

/** What the model makes of a request, and what that takes; nothing where it was refused. */
async function answer(
  exchange: Exchange,
  services: Services,
): Promise<{ reply: Reply; text: string; usage: Usage } | undefined> {
  const body = exchange.body ?? {}
  const messages = readInput(body)
  const reply = await ask(exchange, services, 'responses', messages)
  if (!reply) return undefined
  const count = await services.countTokens()
  const text = (typeof reply.text === 'string' ? reply.text : reply.text?.[0]) ?? ''
  const usage = usageOf(reply.usage, {
    inputTokens: () => countInput(count, messages, body['tools']),
    outputTokens: () => countOutput(count, reply, [text]),
    cachedTokens: () => services.promptCache?.(exchange.entry.model, messages, count) ?? 0,
    reasoningTokens: () => (reply.reasoning === undefined ? 0 : count(reply.reasoning)),
  })
  exchange.entry.usage = usage
  exchange.entry.usageReported = true
  return { reply, text, usage }
}

const retrieveRoute: Route = {
  method: 'GET',
  path: /^\/v1\/responses\/([^/]+)$/,
  async handle(exchange, services, id = '') {
    const whole = services.stored.get(id) as ResponseObject | undefined
    if (!whole) return respondFault(exchange, unknownResponse(id))
    exchange.entry.responseModel = String(whole['model'])
    const reply = { headers: serviceHeaders(exchange) }
    if (exchange.url.searchParams.get('stream') !== 'true') return respondJson(exchange, 200, whole, reply)
    exchange.entry.stream = true
    const after = Number(exchange.url.searchParams.get('starting_after') ?? -1)
    await respondStream(exchange, retrievedEvents(whole, after), { reply, errorChunk: { data: '' } })
  },
}

const deleteRoute: Route = {
  method: 'DELETE',
  path: /^\/v1\/responses\/([^/]+)$/,
  handle(exchange, services, id = '') {
    if (!services.stored.delete(id)) return respondFault(exchange, unknownResponse(id))
    respondJson(exchange, 200, { id, object: 'response', deleted: true }, { headers: serviceHeaders(exchange) })
  },
}

/** `POST /v1/responses`, `POST …/compact`, `GET` (streamed too) and `DELETE /v1/responses/{id}`. */
export const responsesRoutes: readonly Route[] = [createRoute, compactRoute, retrieveRoute, deleteRoute]

function unknownResponse(id: string) {
  return { kind: 'not_found', message: `Response with id '${id}' not found.` } as const
}

function remember(services: Services, whole: ResponseObject): void {
  const oldest = services.stored.keys().next().value
  if (services.stored.size >= STORED_RESPONSES && oldest !== undefined) services.stored.delete(oldest)
  services.stored.set(whole.id, whole)
}

function responseOf(exchange: Exchange, reply: Reply, text: string, usage: Usage): ResponseObject {
  const body = exchange.body ?? {}
  const { newId, created } = exchange.identifiers
  const cut = reply.finishReason === 'length' || reply.finishReason === 'content_filter'
  return {
    id: newId('resp_', 50),
    object: 'response',
    created_at: created,
    status: cut ? 'incomplete' : 'completed',
    background: false,
    error: null,
    incomplete_details: cut
      ? { reason: reply.finishReason === 'length' ? 'max_output_tokens' : 'content_filter' }
      : null,
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    model: exchange.entry.responseModel,
    output: outputOf(reply, text, newId),
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    previous_response_id: body['previous_response_id'] ?? null,
    reasoning: body['reasoning'] ?? { effort: null, summary: null },
    service_tier: 'default',
    store: body['store'] ?? true,
    temperature: body['temperature'] ?? 1,
    text: body['text'] ?? { format: { type: 'text' }, verbosity: 'medium' },
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: body['tools'] ?? [],
    top_p: body['top_p'] ?? 1,
    truncation: body['truncation'] ?? 'disabled',
    usage: usageObject(usage),
    user: body['user'] ?? null,
    metadata: body['metadata'] ?? {},
  }
}

function usageObject(usage: Usage): Record<string, unknown> {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cachedTokens, cache_write_tokens: 0 },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  }
}

function outputOf(reply: Reply, text: string, newId: NewId): Record<string, unknown>[] {
  const output: Record<string, unknown>[] = []
  if (reply.reasoning !== undefined) {
    output.push({ id: newId('rs_', 50), type: 'reasoning', summary: [{ type: 'summary_text', text: reply.reasoning }] })
  }
  if (text !== '' || reply.refusal !== undefined || !reply.toolCalls?.length) {
    const content =
      reply.refusal === undefined
        ? { type: 'output_text', annotations: [], logprobs: [], text }
        : { type: 'refusal', refusal: reply.refusal }
    output.push({ id: newId('msg_', 50), type: 'message', status: 'completed', content: [content], role: 'assistant' })
  }
  for (const call of reply.toolCalls ?? []) {
    output.push({
      id: newId('fc_', 50),
      type: 'function_call',
      status: 'completed',
      arguments: argumentsText(call.arguments),
      call_id: call.id ?? newId('call_'),
      name: call.name,
    })
  }
  return output
}

function readInput(body: Record<string, unknown>): ModelMessage[] {
  const messages: ModelMessage[] = []
  if (typeof body['instructions'] === 'string')
    messages.push({ role: 'system', text: body['instructions'], toolCalls: [] })
  const { input } = body
  if (typeof input === 'string') return [...messages, { role: 'user', text: input, toolCalls: [] }]
  for (const item of (input ?? []) as Record<string, unknown>[]) messages.push(readItem(item))
  return messages
}

function readItem(item: Record<string, unknown>): ModelMessage {
  const id = String(item['call_id'] ?? '')
  if (item['type'] === 'function_call') {
    const call = { id, name: String(item['name']), arguments: String(item['arguments'] ?? '') }
    return { role: 'assistant', text: '', toolCalls: [call] }
  }
  if (item['type'] === 'function_call_output') {
    const output = item['output']
    return { role: 'tool', text: textOf(output), toolCalls: [], toolCallId: id }
  }
  return { role: String(item['role'] ?? 'assistant'), text: textOf(item['content']), toolCalls: [] }
}
