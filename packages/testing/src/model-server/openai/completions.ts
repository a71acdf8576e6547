import { respondJson, respondStream, type Exchange, type StreamChunk } from '../exchange.ts'
import type { Route } from '../protocol.ts'
import type { Reply } from '../reply.ts'
import { textPieces } from '../text-pieces.ts'
import { countOutput, type Usage, usageOf } from '../token-counter.ts'
import { ask } from './ask.ts'
import { errorBody, respondInvalid, serviceHeaders } from './errors.ts'

/** `POST /v1/completions`, whole and streamed: texts that are continued. */
export const completionsRoute: Route = {
  method: 'POST',
  path: /^\/v1\/completions$/,
  async handle(exchange, services) {
    const { prompt, stream_options: options } = exchange.body ?? {}
    const texts = typeof prompt === 'string' ? [prompt] : prompt
    if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string'))
      return respondInvalid(exchange, 'prompt', "Missing required parameter: 'prompt'.")
    const messages = (texts as string[]).map((text) => ({ role: 'user', text, toolCalls: [] }))
    const reply = await ask(exchange, services, 'completions', messages)
    if (!reply) return
    const count = await services.countTokens()
    const answers = messages.map((_, index) =>
      typeof reply.text === 'string' ? reply.text : (reply.text?.at(index) ?? reply.text?.at(-1) ?? ''),
    )
    const usage = usageOf(reply.usage, {
      inputTokens: () => messages.reduce((total, { text }) => total + count(text), 0),
      outputTokens: () => countOutput(count, {}, answers),
      cachedTokens: () => 0,
      reasoningTokens: () => 0,
    })
    const withUsage = (options as { include_usage?: unknown } | undefined)?.include_usage === true
    exchange.entry.usage = usage
    exchange.entry.usageReported = !exchange.entry.stream || withUsage
    const headed = { ...reply, headers: { ...serviceHeaders(exchange), ...reply.headers } }
    const frame = frameOf(exchange)
    const reason = reply.finishReason ?? 'stop'
    if (!exchange.entry.stream) {
      const choices = answers.map((text, index) => ({ text, index, logprobs: null, finish_reason: reason }))
      return respondJson(exchange, 200, { ...frame, choices, usage: usageObject(usage) }, headed)
    }
    const chunks = completionChunks(frame, reply, answers, withUsage ? usageObject(usage) : undefined)
    await respondStream(exchange, chunks, {
      reply: headed,
      errorChunk: { data: JSON.stringify(errorBody({ kind: 'server' })) },
    })
  },
}

function frameOf({ identifiers, entry }: Exchange): Record<string, unknown> {
  const { newId, created } = identifiers
  return { id: newId('cmpl-', 29), object: 'text_completion', created, model: entry.responseModel }
}

function usageObject({ inputTokens, outputTokens }: Usage): Record<string, unknown> {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens }
}

function* completionChunks(
  frame: Record<string, unknown>,
  reply: Reply,
  answers: readonly string[],
  usage: Record<string, unknown> | undefined,
): Generator<StreamChunk> {
  const chunk = (choices: unknown[], counted: unknown = null): StreamChunk => ({
    data: JSON.stringify({ ...frame, choices, ...(usage && { usage: counted }) }),
  })
  const choice = (index: number, text: string, finish: string | null = null): StreamChunk =>
    chunk([{ text, index, logprobs: null, finish_reason: finish }])
  for (const [index, answer] of answers.entries()) {
    for (const text of textPieces(reply, answer)) yield choice(index, text)
    yield choice(index, '', reply.finishReason ?? 'stop')
  }
  if (usage !== undefined) yield chunk([], usage)
  yield { data: '[DONE]' }
}
