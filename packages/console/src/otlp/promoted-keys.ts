import type { Usage } from '@agentel/prices'
import {
  ATTR_AGENTEL_COST_AMOUNT,
  ATTR_AGENTEL_COST_UNPRICED,
  ATTR_AGENTEL_DECISION_NAME,
  ATTR_AGENTEL_DECISION_REASON,
  ATTR_AGENTEL_EVENT_STAGE,
  ATTR_AGENTEL_EVENT_TYPE,
  ATTR_AGENTEL_GUARDRAIL_NAME,
  ATTR_AGENTEL_MESSAGE_SOURCE_NAME,
  ATTR_AGENTEL_MESSAGE_TARGET_NAME,
  ATTR_AGENTEL_RESPONSE_TYPE,
  ATTR_AGENTEL_SECURITY_CHECK_NAME,
  ATTR_AGENTEL_TASK_NAME,
  ATTR_AGENTEL_TRANSACTION_ID,
  ATTR_AGENTEL_TRANSFER_SOURCE_NAME,
  ATTR_AGENTEL_TRANSFER_TARGET_NAME,
  ATTR_AGENTEL_USAGE_FILE_SEARCHES,
  ATTR_AGENTEL_USAGE_WEB_SEARCHES,
  ATTR_AGENTEL_WORKER_NAME,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  ATTR_GEN_AI_WORKFLOW_NAME,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
} from '@agentel/semconv'

/** Attributes with a short value that the store keeps beside the raw bytes. */
export const TEXT_KEYS = {
  operation: ATTR_GEN_AI_OPERATION_NAME,
  agent: ATTR_GEN_AI_AGENT_NAME,
  requestModel: ATTR_GEN_AI_REQUEST_MODEL,
  responseModel: ATTR_GEN_AI_RESPONSE_MODEL,
  provider: ATTR_GEN_AI_PROVIDER_NAME,
  serviceTier: ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  tool: ATTR_GEN_AI_TOOL_NAME,
  workflow: ATTR_GEN_AI_WORKFLOW_NAME,
  user: ATTR_USER_ID,
  session: ATTR_SESSION_ID,
  conversation: ATTR_GEN_AI_CONVERSATION_ID,
  errorType: ATTR_ERROR_TYPE,
  transferSource: ATTR_AGENTEL_TRANSFER_SOURCE_NAME,
  transferTarget: ATTR_AGENTEL_TRANSFER_TARGET_NAME,
  messageSource: ATTR_AGENTEL_MESSAGE_SOURCE_NAME,
  messageTarget: ATTR_AGENTEL_MESSAGE_TARGET_NAME,
  decision: ATTR_AGENTEL_DECISION_NAME,
  task: ATTR_AGENTEL_TASK_NAME,
  guardrail: ATTR_AGENTEL_GUARDRAIL_NAME,
  security: ATTR_AGENTEL_SECURITY_CHECK_NAME,
  event: ATTR_AGENTEL_EVENT_TYPE,
  stage: ATTR_AGENTEL_EVENT_STAGE,
  transaction: ATTR_AGENTEL_TRANSACTION_ID,
  worker: ATTR_AGENTEL_WORKER_NAME,
  response: ATTR_AGENTEL_RESPONSE_TYPE,
} as const

/** What a call consumed, under the names that `@agentel/prices` gives them. */
export const USAGE_KEYS = {
  inputTokens: ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  outputTokens: ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  cacheReadInputTokens: ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  cacheWriteInputTokens: ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  reasoningOutputTokens: ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  audioInputTokens: ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
  audioOutputTokens: ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
  audioCacheReadInputTokens: ATTR_GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS,
  imageInputTokens: ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS,
  imageOutputTokens: ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS,
  imageCacheReadInputTokens: ATTR_GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS,
  webSearches: ATTR_AGENTEL_USAGE_WEB_SEARCHES,
  fileSearches: ATTR_AGENTEL_USAGE_FILE_SEARCHES,
} as const satisfies Readonly<Partial<Record<keyof Usage, string>>>

/** Attributes with a number that the store keeps or prices by. */
export const NUMBER_KEYS = {
  ...USAGE_KEYS,
  cost: ATTR_AGENTEL_COST_AMOUNT,
  unpriced: ATTR_AGENTEL_COST_UNPRICED,
} as const

/** Attributes that hold content, or by which a run is looked for: searched as text, never kept beside the raw bytes. */
export const CONTENT_KEYS = {
  inputMessages: ATTR_GEN_AI_INPUT_MESSAGES,
  outputMessages: ATTR_GEN_AI_OUTPUT_MESSAGES,
  systemInstructions: ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  toolArguments: ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  toolResult: ATTR_GEN_AI_TOOL_CALL_RESULT,
  retrievalQuery: ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  decisionReason: ATTR_AGENTEL_DECISION_REASON,
  responseId: ATTR_GEN_AI_RESPONSE_ID,
} as const

export type TextKey = keyof typeof TEXT_KEYS
export type NumberKey = keyof typeof NUMBER_KEYS
export type ContentKey = keyof typeof CONTENT_KEYS

/** What a promoted key is. */
export type Promoted =
  | { readonly group: 'text'; readonly slot: number; readonly bytes: Buffer }
  | { readonly group: 'number'; readonly slot: number; readonly bytes: Buffer }
  | { readonly group: 'content'; readonly slot: number; readonly bytes: Buffer }

/** Slot of each key in the arrays of a scanned span. */
export const TEXT_SLOTS = Object.keys(TEXT_KEYS) as TextKey[]
export const NUMBER_SLOTS = Object.keys(NUMBER_KEYS) as NumberKey[]
export const CONTENT_SLOTS = Object.keys(CONTENT_KEYS) as ContentKey[]

/** Promoted keys by length: few candidates each, and comparing from the end fails on the first byte or two. */
const BY_LENGTH: Promoted[][] = []

function add(group: Promoted['group'], keys: Readonly<Record<string, string>>): void {
  Object.values(keys).forEach((key, slot) => {
    const bytes = Buffer.from(key)
    ;(BY_LENGTH[bytes.length] ??= []).push({ group, slot, bytes })
  })
}
add('text', TEXT_KEYS)
add('number', NUMBER_KEYS)
add('content', CONTENT_KEYS)

/** The promoted key that these bytes spell, if any. */
export function findPromoted(buf: Buffer, start: number, end: number): Promoted | undefined {
  const candidates = BY_LENGTH[end - start]
  if (candidates === undefined) return undefined
  next: for (const candidate of candidates) {
    const { bytes } = candidate
    for (let i = bytes.length - 1; i >= 0; i--) if (bytes[i] !== buf[start + i]) continue next
    return candidate
  }
  return undefined
}
