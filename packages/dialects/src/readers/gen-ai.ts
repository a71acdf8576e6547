/** OpenTelemetry's own older generations: up to 1.36, and 1.37 to 1.41. */
import {
  ATTR_GEN_AI_COMPLETION,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_MEMORY_RECORDS,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_PROMPT,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
  ATTR_GEN_AI_RETRIEVAL_TOP_K,
  ATTR_GEN_AI_SYSTEM,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOKEN_TYPE,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_COMPLETION_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_PROMPT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  EVENT_GEN_AI_ASSISTANT_MESSAGE,
  EVENT_GEN_AI_CHOICE,
  EVENT_GEN_AI_SYSTEM_MESSAGE,
  EVENT_GEN_AI_TOOL_MESSAGE,
  EVENT_GEN_AI_USER_MESSAGE,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
} from '@agentel/semconv'
import { isRecord, parseJson, toInteger, toText } from '../coerce.ts'
import type { Message } from '../message.ts'
import type { AttributeMap, Reading, SpanInput } from '../span-input.ts'
import { toMessages } from '../to-messages.ts'
import { toParts } from '../to-parts.ts'
import { toToolDefinitions } from '../to-tool-definitions.ts'
import { startTranslation } from '../translation.ts'
import type { Translation } from '../translation.ts'

const roleOfEvent: Record<string, string> = {
  [EVENT_GEN_AI_SYSTEM_MESSAGE]: 'system',
  [EVENT_GEN_AI_USER_MESSAGE]: 'user',
  [EVENT_GEN_AI_ASSISTANT_MESSAGE]: 'assistant',
  [EVENT_GEN_AI_TOOL_MESSAGE]: 'tool',
}

/** Reads spans of GenAI conventions before 1.37, their message events included. */
export function readGenAi136(span: SpanInput): Reading {
  const translation = startTranslation(span)
  takeOldNames(translation)
  takeMessageEvents(translation)
  return translation.finish('gen_ai_1_36', [])
}

/** Reads spans of GenAI conventions 1.37 to 1.41. */
export function readGenAi141(span: SpanInput): Reading {
  const translation = startTranslation(span)
  takeOldNames(translation)
  return translation.finish('gen_ai_1_41', [])
}

/** Everything that OpenTelemetry itself renamed. Other dialects carry some of it beside their own names. */
export function takeOldNames(translation: Translation): void {
  const { take, set, span } = translation
  const system = take(ATTR_GEN_AI_SYSTEM)
  if (span.attributes[ATTR_GEN_AI_PROVIDER_NAME] === undefined) translation.provider(system)
  translation.usage({
    input: take(ATTR_GEN_AI_USAGE_INPUT_TOKENS) ?? take(ATTR_GEN_AI_USAGE_PROMPT_TOKENS),
    output: take(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS) ?? take(ATTR_GEN_AI_USAGE_COMPLETION_TOKENS),
    cacheRead: take(ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS),
    cacheWrite: take(ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS) ?? take(ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS),
    reasoning: take(ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS),
  })
  for (const key of [
    ATTR_GEN_AI_USAGE_PROMPT_TOKENS,
    ATTR_GEN_AI_USAGE_COMPLETION_TOKENS,
    ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
    ATTR_GEN_AI_TOKEN_TYPE,
  ])
    take(key)
  takeTopK(translation, span.attributes)
  translation.finishReasons(take(ATTR_GEN_AI_RESPONSE_FINISH_REASONS))
  translation.input(take(ATTR_GEN_AI_INPUT_MESSAGES) ?? take(ATTR_GEN_AI_PROMPT))
  translation.output(take(ATTR_GEN_AI_OUTPUT_MESSAGES) ?? take(ATTR_GEN_AI_COMPLETION))
  take(ATTR_GEN_AI_PROMPT)
  take(ATTR_GEN_AI_COMPLETION)
  set(ATTR_GEN_AI_SYSTEM_INSTRUCTIONS, toInstructions(take(ATTR_GEN_AI_SYSTEM_INSTRUCTIONS)))
  const definitions = take(ATTR_GEN_AI_TOOL_DEFINITIONS)
  set(ATTR_GEN_AI_TOOL_DEFINITIONS, toToolDefinitions(definitions) ?? definitions)
  for (const key of [
    ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
    ATTR_GEN_AI_TOOL_CALL_RESULT,
    ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
    ATTR_GEN_AI_MEMORY_RECORDS,
  ])
    set(key, parseJson(take(key)))
}

/** Instructions as parts; undefined when there are none. */
export function toInstructions(value: unknown): object[] | undefined {
  const parts = toParts(parseJson(value))
  return parts.length > 0 ? parts : undefined
}

/** It was a double, and served retrieval too. */
function takeTopK({ take, set }: Translation, attributes: AttributeMap): void {
  const retrieval = attributes[ATTR_GEN_AI_OPERATION_NAME] === GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL
  set(retrieval ? ATTR_GEN_AI_RETRIEVAL_TOP_K : ATTR_GEN_AI_REQUEST_TOP_K, toInteger(take(ATTR_GEN_AI_REQUEST_TOP_K)))
}

/** True for the events that held the messages before 1.37. */
export function isMessageEvent(name: string): boolean {
  return Object.hasOwn(roleOfEvent, name) || name === EVENT_GEN_AI_CHOICE || name.startsWith('gen_ai.content.')
}

/** Puts the messages of events where they are now: into the two attributes. */
export function takeMessageEvents({ span, input, output }: Translation): void {
  const sent: Message[] = []
  const received: Message[] = []
  for (const { name, attributes = {} } of span.events ?? []) {
    if (name === EVENT_GEN_AI_CHOICE) received.push(...choiceOf(attributes))
    else if (name === 'gen_ai.content.prompt')
      sent.push(...(toMessages(attributes[ATTR_GEN_AI_PROMPT], { role: 'user' }) ?? []))
    else if (name === 'gen_ai.content.completion')
      received.push(...(toMessages(attributes[ATTR_GEN_AI_COMPLETION], { role: 'assistant' }) ?? []))
    else if (Object.hasOwn(roleOfEvent, name)) sent.push(...messageOf(attributes, roleOfEvent[name]!))
  }
  if (sent.length > 0) input(sent)
  if (received.length > 0) output(received)
}

function messageOf(attributes: AttributeMap, role: string): Message[] {
  const body = bodyOf(attributes)
  const callId = role === 'tool' ? (body['tool_call_id'] ?? body['id']) : undefined
  return toMessages({ ...body, role: toText(body['role']) ?? role, tool_call_id: callId }, { role }) ?? []
}

function choiceOf(attributes: AttributeMap): Message[] {
  const body = bodyOf(attributes)
  const message = parseJson(body['message']) ?? body
  const inner = isRecord(message) ? message : { content: message }
  return toMessages({ message: inner, finish_reason: body['finish_reason'] }, { role: 'assistant' }) ?? []
}

/** Log records carried them as a body; span events as attributes. */
function bodyOf(attributes: AttributeMap): AttributeMap {
  const body = parseJson(attributes['body'] ?? attributes['event_body'])
  return isRecord(body) ? body : attributes
}
