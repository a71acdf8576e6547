import { respondJson, respondStream, type Exchange } from '../exchange.ts'
import type { Route } from '../protocol.ts'
import type { ModelMessage, Reply } from '../reply.ts'
import { argumentsText, countInput, countOutput, usageOf, type Usage } from '../token-counter.ts'
import { ask, textOf } from './ask.ts'
import { chatChunks } from './chat-chunks.ts'
import { errorBody, respondInvalid, serviceHeaders } from './errors.ts'

/** What an answer says about itself, the same in every chunk. */
export interface ChatAnswer {
  id: string
  created: number
  model: string
  /** One per choice. */
  texts: readonly string[]
  toolCalls: readonly { id: string; name: string; arguments: string }[]
  finishReason: string
  usage: Record<string, unknown>
}

/** `POST /v1/chat/completions`, whole and streamed. */
export const chatRoute: Route = {
  method: 'POST',
  path: /^\/v1\/chat\/completions$/,
  async handle(exchange, services) {
    const body = exchange.body ?? {}
    const fault = invalidMessages(body['messages']) ?? invalidCount(body['n'])
    if (fault) return respondInvalid(exchange, fault.param, fault.message)
    const messages = (body['messages'] as Record<string, unknown>[]).map(readMessage)
    const reply = await ask(exchange, services, 'chat', messages)
    if (!reply) return
    const count = await services.countTokens()
    const texts = textsOf(reply, Number(body['n'] ?? 1))
    const usage = usageOf(reply.usage, {
      inputTokens: () => countInput(count, messages, body['tools']),
      outputTokens: () => countOutput(count, reply, texts),
      cachedTokens: () => services.promptCache?.(exchange.entry.model, messages, count) ?? 0,
      reasoningTokens: () => (reply.reasoning === undefined ? 0 : count(reply.reasoning)),
    })
    const answer = answerOf(exchange, reply, texts, usage)
    const withUsage = (body['stream_options'] as Record<string, unknown> | undefined)?.['include_usage'] === true
    exchange.entry.usage = usage
    exchange.entry.usageReported = !exchange.entry.stream || withUsage
    const headed = { ...reply, headers: { ...serviceHeaders(exchange), ...reply.headers } }
    if (!exchange.entry.stream) return respondJson(exchange, 200, completion(answer, reply), headed)
    const errorChunk = { data: JSON.stringify(errorBody({ kind: 'server' })) }
    await respondStream(exchange, chatChunks(answer, reply, withUsage), { reply: headed, errorChunk })
  },
}

function textsOf(reply: Reply, n: number): string[] {
  const texts = typeof reply.text === 'string' ? [reply.text] : (reply.text ?? [''])
  return Array.from({ length: n }, (_, index) => texts[Math.min(index, texts.length - 1)] ?? '')
}

function answerOf(exchange: Exchange, reply: Reply, texts: readonly string[], usage: Usage): ChatAnswer {
  const { newId, created } = exchange.identifiers
  const toolCalls = (reply.toolCalls ?? []).map((call) => ({
    id: call.id ?? newId('call_'),
    name: call.name,
    arguments: argumentsText(call.arguments),
  }))
  return {
    id: newId('chatcmpl-', 29),
    created,
    model: exchange.entry.responseModel,
    texts,
    toolCalls,
    finishReason: reply.finishReason ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop'),
    usage: {
      prompt_tokens: usage.inputTokens,
      completion_tokens: usage.outputTokens,
      total_tokens: usage.inputTokens + usage.outputTokens,
      prompt_tokens_details: { cached_tokens: usage.cachedTokens, audio_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: usage.reasoningTokens,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    },
  }
}

function completion(answer: ChatAnswer, reply: Reply): Record<string, unknown> {
  const calls = answer.toolCalls.map(({ id, name, arguments: text }) => ({
    id,
    type: 'function',
    function: { name, arguments: text },
  }))
  return {
    id: answer.id,
    object: 'chat.completion',
    created: answer.created,
    model: answer.model,
    choices: answer.texts.map((text, index) => ({
      index,
      message: {
        role: 'assistant',
        content: reply.refusal !== undefined || (text === '' && calls.length > 0) ? null : text,
        ...(calls.length > 0 && { tool_calls: calls }),
        refusal: reply.refusal ?? null,
        annotations: [],
      },
      logprobs: null,
      finish_reason: answer.finishReason,
    })),
    usage: answer.usage,
    service_tier: 'default',
    system_fingerprint: 'fp_local0000',
  }
}

function readMessage(message: Record<string, unknown>): ModelMessage {
  const calls = (message['tool_calls'] ?? []) as { id: string; function?: { name: string; arguments: string } }[]
  return {
    role: String(message['role']),
    text: textOf(message['content']),
    toolCalls: calls.map(({ id, function: call }) => ({
      id,
      name: call?.name ?? '',
      arguments: call?.arguments ?? '',
    })),
    ...(typeof message['name'] === 'string' && { name: message['name'] }),
    ...(typeof message['tool_call_id'] === 'string' && { toolCallId: message['tool_call_id'] }),
  }
}

function invalidCount(n: unknown): { param: string; message: string } | undefined {
  if (n === undefined || n === null || (Number.isInteger(n) && Number(n) >= 1 && Number(n) <= 128)) return undefined
  return { param: 'n', message: "Invalid 'n': expected an integer from 1 to 128." }
}

const ROLES = ['system', 'assistant', 'user', 'function', 'tool', 'developer']

function invalidMessages(messages: unknown): { param: string; message: string } | undefined {
  if (messages === undefined) return { param: 'messages', message: "Missing required parameter: 'messages'." }
  if (!Array.isArray(messages) || messages.length === 0) {
    return { param: 'messages', message: "Invalid 'messages': expected an array with minimum length 1." }
  }
  const open = new Set<string>()
  for (const [index, message] of (messages as (Record<string, unknown> | null)[]).entries()) {
    if (typeof message !== 'object' || message === null) {
      return { param: `messages[${index}]`, message: `Invalid type for 'messages[${index}]': expected an object.` }
    }
    const role = String(message['role'])
    if (!ROLES.includes(role)) {
      const param = `messages[${index}].role`
      return {
        param,
        message: `Invalid value: '${role}'. Supported values are: ${ROLES.map((name) => `'${name}'`).join(', ')}.`,
      }
    }
    if (role === 'assistant') for (const { id } of (message['tool_calls'] ?? []) as { id: string }[]) open.add(id)
    if (role === 'tool' && !open.has(String(message['tool_call_id']))) {
      const wanted = "messages with role 'tool' must be a response to a preceding message with 'tool_calls'."
      return { param: `messages[${index}].role`, message: `Invalid parameter: ${wanted}` }
    }
  }
  return undefined
}
