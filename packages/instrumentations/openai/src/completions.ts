import type { Attributes } from '@opentelemetry/api'
import { type Content, type Destination, type Outcome, type RequestFacts, textPart } from '@agentel/instrumentation-kit'
import { ATTR_GEN_AI_INPUT_MESSAGES, ATTR_GEN_AI_OUTPUT_MESSAGES, ATTR_OPENAI_API_TYPE } from '@agentel/semconv'
import { type ChatAnswer, readChatRequest, readChatResponse, reduceChatChunk } from './chat.ts'

interface CompletionAnswer extends Omit<ChatAnswer, 'choices'> {
  choices?: { index?: number; text?: string; finish_reason?: unknown }[]
}

/** Reads the arguments of `completions.create(body, options)`: its settings have the names of a chat's. */
export function readCompletionRequest(args: readonly unknown[], destination: Destination): RequestFacts {
  const { attributes: settings, ...facts } = readChatRequest(args, destination)
  const { [ATTR_OPENAI_API_TYPE]: _chat, ...attributes } = settings
  return { ...facts, attributes }
}

/** Reads a completion, whole or put together from chunks. */
export function readCompletionResponse(response: unknown, destination: Destination, outcome: Outcome): Attributes {
  return readChatResponse(response, destination, outcome)
}

/** Adds a chunk of a stream to the answer so far. */
export function reduceCompletionChunk(answer: unknown, chunk: unknown, withContent: boolean): unknown {
  const whole = reduceChatChunk(answer, chunk, false) as CompletionAnswer
  if (!withContent) return whole
  for (const { index = 0, text } of (chunk as CompletionAnswer | null)?.choices ?? []) {
    const choice = whole.choices?.[index]
    if (choice !== undefined && text) choice.text = (choice.text ?? '') + text
  }
  return whole
}

/** The texts that are to be continued; those that come as tokens cannot be read. */
export function readCompletionInput([body]: readonly unknown[]): Content {
  const { prompt } = (body ?? {}) as { prompt?: unknown }
  const texts = (Array.isArray(prompt) ? prompt : [prompt]).filter((text) => typeof text === 'string')
  if (texts.length === 0) return {}
  return { [ATTR_GEN_AI_INPUT_MESSAGES]: texts.map((text) => ({ role: 'user', parts: [textPart(text)] })) }
}

/** One message for each choice. */
export function readCompletionOutput(response: unknown): Content {
  const { choices } = (response ?? {}) as CompletionAnswer
  const messages = (choices ?? [])
    .filter((choice) => choice !== undefined)
    .map(({ text }) => ({ role: 'assistant', parts: text ? [textPart(text)] : [] }))
  return messages.length === 0 ? {} : { [ATTR_GEN_AI_OUTPUT_MESSAGES]: messages }
}
