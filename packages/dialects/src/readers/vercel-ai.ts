/** Vercel AI SDK 3 to 6, and its legacy telemetry in 7: `ai.*`. */
import {
  ATTR_AGENTEL_METADATA,
  ATTR_AGENTEL_SPAN_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_GEN_AI_SYSTEM,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OUTPUT_TYPE_VALUE_JSON,
} from '@agentel/semconv'
import { isRecord, parseJson, toInteger, toNumber, toRecord, toStrings, toText } from '../coerce.ts'
import type { Reading, SpanInput } from '../span-input.ts'
import { toolCallParts } from '../to-messages.ts'
import { toToolDefinitions } from '../to-tool-definitions.ts'
import { startTranslation } from '../translation.ts'
import type { Rename, Translation, Usage } from '../translation.ts'
import { takeOldNames } from './gen-ai.ts'

const namespaces = ['ai.', 'operation.name', 'resource.name']

/** The spans of whole calls hold those of the single requests and repeat their token counts as a sum. */
const wholeCalls = ['ai.generateText', 'ai.streamText', 'ai.generateObject', 'ai.streamObject']

const renames: readonly Rename[] = [
  ['ai.model.id', ATTR_GEN_AI_REQUEST_MODEL, toText],
  ['ai.response.id', ATTR_GEN_AI_RESPONSE_ID, toText],
  ['ai.response.model', ATTR_GEN_AI_RESPONSE_MODEL, toText],
  ['ai.response.msToFirstChunk', ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK, inSeconds],
  ['ai.settings.maxTokens', ATTR_GEN_AI_REQUEST_MAX_TOKENS, toInteger],
  ['ai.settings.maxOutputTokens', ATTR_GEN_AI_REQUEST_MAX_TOKENS, toInteger],
  ['ai.settings.temperature', ATTR_GEN_AI_REQUEST_TEMPERATURE, toNumber],
  ['ai.settings.topP', ATTR_GEN_AI_REQUEST_TOP_P, toNumber],
  ['ai.settings.topK', ATTR_GEN_AI_REQUEST_TOP_K, toInteger],
  ['ai.settings.frequencyPenalty', ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY, toNumber],
  ['ai.settings.presencePenalty', ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY, toNumber],
  ['ai.settings.stopSequences', ATTR_GEN_AI_REQUEST_STOP_SEQUENCES, toStrings],
  ['ai.settings.seed', ATTR_GEN_AI_REQUEST_SEED, toInteger],
  ['ai.toolCall.name', ATTR_GEN_AI_TOOL_NAME, toText],
  ['ai.toolCall.id', ATTR_GEN_AI_TOOL_CALL_ID, toText],
  ['ai.toolCall.args', ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, parseJson],
  ['ai.toolCall.result', ATTR_GEN_AI_TOOL_CALL_RESULT, parseJson],
]

/** Reads spans of the Vercel AI SDK. */
export function readVercelAi(span: SpanInput): Reading {
  const translation = startTranslation(span)
  const { take, set } = translation
  const id = toText(take('ai.operationId')) ?? span.name
  take('operation.name')
  take('resource.name')
  const operation = operationOf(id)
  translation.operation(operation)
  if (operation === undefined) set(ATTR_AGENTEL_SPAN_TYPE, id)
  if (operation === GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT)
    set(ATTR_GEN_AI_AGENT_NAME, toText(span.attributes['ai.telemetry.functionId']))
  if (id.includes('doStream')) set(ATTR_GEN_AI_REQUEST_STREAM, true)
  if (id.includes('Object')) set(ATTR_GEN_AI_OUTPUT_TYPE, GEN_AI_OUTPUT_TYPE_VALUE_JSON)
  translation.rename(renames)
  const system = take(ATTR_GEN_AI_SYSTEM)
  translation.provider(take('ai.model.provider') ?? system)
  translation.finishReasons(take('ai.response.finishReason'))
  takeUsage(translation, operation)
  takeContent(translation)
  takeMetadata(translation)
  takeOldNames(translation)
  return translation.finish('vercel_ai', namespaces)
}

function operationOf(id: string): string | undefined {
  if (id.endsWith('.doGenerate') || id.endsWith('.doStream')) return GEN_AI_OPERATION_NAME_VALUE_CHAT
  if (id.endsWith('.doEmbed')) return GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS
  if (id === 'ai.toolCall') return GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL
  return wholeCalls.includes(id) ? GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT : undefined
}

function inSeconds(milliseconds: unknown): number | undefined {
  const number = toNumber(milliseconds)
  return number === undefined ? undefined : number / 1000
}

function takeUsage(translation: Translation, operation: string | undefined): void {
  const { take, takeAll, usage } = translation
  const counts = takeAll('ai.usage.')
  const input =
    counts.get('inputTokens') ??
    counts.get('promptTokens') ??
    take(ATTR_GEN_AI_USAGE_INPUT_TOKENS) ??
    counts.get('tokens')
  const output = counts.get('outputTokens') ?? counts.get('completionTokens') ?? take(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS)
  const metadata = toRecord(take('ai.response.providerMetadata'))
  // Outer embedding spans repeat what the inner ones count.
  if (operation === undefined) return
  usage({
    input,
    output,
    cacheRead: counts.get('cachedInputTokens') ?? counts.get('inputTokenDetails.cacheReadTokens'),
    cacheWrite: counts.get('inputTokenDetails.cacheWriteTokens'),
    reasoning: counts.get('reasoningTokens') ?? counts.get('outputTokenDetails.reasoningTokens'),
    ...anthropicUsage(metadata, counts.get('inputTokenDetails.noCacheTokens')),
  })
}

/** Up to AI SDK 5 the input of Anthropic leaves out what was cached; the provider's own counts are in the metadata. */
function anthropicUsage(metadata: Record<string, unknown> | undefined, uncached: unknown): Usage {
  if (toNumber(uncached) !== undefined) return { input: uncached, inputExcludesCached: true }
  const anthropic = metadata?.['anthropic']
  const usage = isRecord(anthropic) ? anthropic['usage'] : undefined
  if (!isRecord(usage) || toNumber(usage['input_tokens']) === undefined) return {}
  return {
    input: usage['input_tokens'],
    inputExcludesCached: true,
    cacheRead: usage['cache_read_input_tokens'],
    cacheWrite: usage['cache_creation_input_tokens'],
  }
}

function takeContent({ take, set, input, output }: Translation): void {
  const prompt = take('ai.prompt')
  input(take('ai.prompt.messages') ?? prompt)
  set(ATTR_GEN_AI_TOOL_DEFINITIONS, toToolDefinitions(take('ai.prompt.tools')))
  const text = toText(take('ai.response.text')) ?? toText(take('ai.response.object'))
  const reasoning = toText(take('ai.response.reasoning'))
  const parts = [
    ...(reasoning === undefined ? [] : [{ type: 'reasoning', content: reasoning }]),
    ...(text === undefined ? [] : [{ type: 'text', content: text }]),
    ...toolCallParts(take('ai.response.toolCalls')),
  ]
  if (parts.length > 0) output([{ role: 'assistant', parts }])
}

/** What people pass in `experimental_telemetry.metadata`; the common names for user, session and thread are known. */
function takeMetadata({ takeAll, set }: Translation): void {
  for (const [name, value] of takeAll('ai.telemetry.metadata.')) {
    if (name === 'userId') set(ATTR_USER_ID, toText(value))
    else if (name === 'sessionId') set(ATTR_SESSION_ID, toText(value))
    else if (name === 'threadId' || name === 'conversationId') set(ATTR_GEN_AI_CONVERSATION_ID, toText(value))
    else set(ATTR_AGENTEL_METADATA(name), typeof value === 'string' ? value : JSON.stringify(value))
  }
}
