import {
  ATTR_GEN_AI_COMPLETION,
  ATTR_GEN_AI_PROMPT,
  ATTR_GEN_AI_SYSTEM,
  ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_COMPLETION_TOKENS,
  ATTR_GEN_AI_USAGE_PROMPT_TOKENS,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_TOP_K,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
} from '@agentel/semconv'
import { toText } from './coerce.ts'
import { isMessageEvent, readGenAi136, readGenAi141 } from './readers/gen-ai.ts'
import { readLangfuse } from './readers/langfuse.ts'
import { readAnthropic, readGoogleAdk, readMistral } from './readers/native.ts'
import { readOpenInference } from './readers/openinference.ts'
import { TOTAL_TOKENS, readOpenLlmetry } from './readers/openllmetry.ts'
import { readVercelAi } from './readers/vercel-ai.ts'
import type { AttributeMap, Dialect, Reading, SpanInput } from './span-input.ts'

const readers: Record<Exclude<Dialect, 'latest' | 'other'>, (span: SpanInput) => Reading> = {
  gen_ai_1_36: readGenAi136,
  gen_ai_1_41: readGenAi141,
  openinference: readOpenInference,
  openllmetry: readOpenLlmetry,
  vercel_ai: readVercelAi,
  langfuse: readLangfuse,
  anthropic: readAnthropic,
  google_adk: readGoogleAdk,
  mistral: readMistral,
}

const dialectOfScope: Record<string, Dialect> = {
  'com.anthropic.sdk.typescript': 'anthropic',
  'gcp.vertex.agent': 'google_adk',
  mistralai_sdk_tracer: 'mistral',
}

/**
 * Reads a span of any known convention. Spans in our own names come back as they are, the very same object: reading
 * twice changes nothing.
 *
 * @example
 * const { dialect, attributes, operation } = read({
 *   name: 'ChatCompletion',
 *   attributes: { 'openinference.span.kind': 'LLM', 'llm.model_name': 'gpt-4o', 'llm.token_count.prompt': 12 },
 * })
 * // openinference, { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', … }, chat
 */
export function read(span: SpanInput): Reading {
  const dialect = detectDialect(span)
  if (dialect !== 'latest' && dialect !== 'other') return readers[dialect](span)
  const operation = toText(span.attributes[ATTR_GEN_AI_OPERATION_NAME])
  const attributes = span.attributes as Record<string, unknown>
  return { dialect, attributes, ...(operation === undefined ? {} : { operation }), unknown: [] }
}

/** `read` for callers that have only attributes. */
export function readDialect(attributes: AttributeMap, scope?: string): Reading {
  return read({ name: '', attributes, ...(scope === undefined ? {} : { scope }) })
}

/** Which convention a span follows, by its scope and the names of its attributes and events. */
export function detectDialect({ scope, attributes, events }: SpanInput): Dialect {
  if (scope !== undefined && Object.hasOwn(dialectOfScope, scope)) return dialectOfScope[scope]!
  let found: Dialect = 'other'
  for (const key in attributes) {
    const dialect = dialectOfKey(key)
    if (dialect !== undefined && rank[dialect] > rank[found]) found = dialect
  }
  if (rank[found] <= rank.latest && isRetrievalOf141(attributes)) found = 'gen_ai_1_41'
  if (rank[found] < rank.gen_ai_1_36 && events?.some((event) => isMessageEvent(event.name)) === true)
    return 'gen_ai_1_36'
  return found
}

/** The more particular a name is, the more it says; a span may carry several conventions at once. */
const rank: Record<Dialect, number> = {
  other: 0,
  latest: 1,
  gen_ai_1_41: 2,
  gen_ai_1_36: 3,
  langfuse: 4,
  vercel_ai: 5,
  openllmetry: 6,
  openinference: 7,
  google_adk: 8,
  anthropic: 8,
  mistral: 8,
}

const dialectOfExactKey: Record<string, Dialect> = {
  [ATTR_GEN_AI_SYSTEM]: 'gen_ai_1_36',
  [ATTR_GEN_AI_PROMPT]: 'gen_ai_1_36',
  [ATTR_GEN_AI_COMPLETION]: 'gen_ai_1_36',
  [ATTR_GEN_AI_USAGE_PROMPT_TOKENS]: 'gen_ai_1_36',
  [ATTR_GEN_AI_USAGE_COMPLETION_TOKENS]: 'gen_ai_1_36',
  [ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS]: 'gen_ai_1_41',
  'openinference.span.kind': 'openinference',
  'langfuse.observation.type': 'langfuse',
  'ai.operationId': 'vercel_ai',
  'llm.request.type': 'openllmetry',
  'llm.usage.total_tokens': 'openllmetry',
  [TOTAL_TOKENS]: 'openllmetry',
}

function dialectOfKey(key: string): Dialect | undefined {
  // Most keys of most spans (http.*, db.*, server.*) leave here: only a, g, l, m, o, t begin a name we know.
  switch (key.charCodeAt(0)) {
    case 0x61: // a
      if (key.startsWith('agentel.')) return 'latest'
      if (key.startsWith('anthropic.')) return 'anthropic'
      break
    case 0x67: // g
      if (key.startsWith('gen_ai.prompt.0.') || key.startsWith('gen_ai.completion.0.')) return 'openllmetry'
      if (key.startsWith('gcp.vertex.agent.')) return 'google_adk'
      break
    case 0x6d: // m
      return key.startsWith('mcp.') ? 'latest' : undefined
    case 0x74: // t
      return key.startsWith('traceloop.') ? 'openllmetry' : undefined
    case 0x6c: // l
    case 0x6f: // o
      if (key.startsWith('llm.token_count.') || key.startsWith('llm.input_messages.')) return 'openinference'
      break
    default:
      return undefined
  }
  if (Object.hasOwn(dialectOfExactKey, key)) return dialectOfExactKey[key]
  return key.startsWith('gen_ai.') ? 'latest' : undefined
}

/** Up to 1.41 a retrieval carried the model's own `top_k`. */
function isRetrievalOf141(attributes: AttributeMap): boolean {
  return (
    attributes[ATTR_GEN_AI_REQUEST_TOP_K] !== undefined &&
    attributes[ATTR_GEN_AI_OPERATION_NAME] === GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL
  )
}
