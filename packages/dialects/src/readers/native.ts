/** SDKs that trace themselves: Anthropic, Google ADK, Mistral. They write GenAI names and a few of their own. */
import {
  ATTR_GEN_AI_CONVERSATION_COMPACTED,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_SYSTEM,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_TYPE,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_SERVER_ADDRESS,
  ATTR_SESSION_ID,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_PROVIDER_NAME_VALUE_ANTHROPIC,
  GEN_AI_PROVIDER_NAME_VALUE_GCP_GEN_AI,
} from '@agentel/semconv'
import { isRecord, parseJson, toNumber, toRecord, toText } from '../coerce.ts'
import type { Reading, SpanInput } from '../span-input.ts'
import { startTranslation } from '../translation.ts'
import type { Translation } from '../translation.ts'
import { takeOldNames } from './gen-ai.ts'

/** Reads spans of `com.anthropic.sdk.typescript`. */
export function readAnthropic(span: SpanInput): Reading {
  const translation = startTranslation(span)
  const { take, set } = translation
  translation.provider(GEN_AI_PROVIDER_NAME_VALUE_ANTHROPIC)
  translation.finishReasons(take('anthropic.message.stop_reason') ?? take('anthropic.session.turn.stop_reason'))
  set(ATTR_SESSION_ID, toText(take('anthropic.session.id')))
  set(ATTR_GEN_AI_TOOL_CALL_RESULT, parseJson(take('anthropic.tool_result.content')))
  takeCompaction(translation)
  takeOldNames(translation)
  return translation.finish('anthropic', ['anthropic.'])
}

/** What compaction used is billed and is not in the span's own counts. The counts are whole otherwise. */
function takeCompaction({ take, set, usage }: Translation): void {
  const input = toNumber(take('anthropic.usage.compaction.input_tokens'))
  const output = toNumber(take('anthropic.usage.compaction.output_tokens'))
  if (input === undefined && output === undefined) return
  set(ATTR_GEN_AI_CONVERSATION_COMPACTED, true)
  usage({
    input: (toNumber(take(ATTR_GEN_AI_USAGE_INPUT_TOKENS)) ?? 0) + (input ?? 0),
    output: (toNumber(take(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS)) ?? 0) + (output ?? 0),
    cacheRead: take(ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS),
    cacheWrite: take(ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS),
    inputExcludesCached: false,
  })
}

/** Reads spans of `gcp.vertex.agent`, Google's Agent Development Kit. */
export function readGoogleAdk(span: SpanInput): Reading {
  const translation = startTranslation(span)
  const { take, set, input, output } = translation
  const system = take(ATTR_GEN_AI_SYSTEM)
  if (system !== undefined) translation.provider(GEN_AI_PROVIDER_NAME_VALUE_GCP_GEN_AI)
  if (span.name === 'call_llm') translation.operation(GEN_AI_OPERATION_NAME_VALUE_CHAT)
  set(ATTR_GEN_AI_CONVERSATION_ID, toText(take('gcp.vertex.agent.session_id')))
  const callId = toText(take(ATTR_GEN_AI_TOOL_CALL_ID))
  if (callId !== '<not specified>') set(ATTR_GEN_AI_TOOL_CALL_ID, callId)
  // The class of the tool, FunctionTool and the like, where the convention wants a kind.
  const toolType = toText(take(ATTR_GEN_AI_TOOL_TYPE))
  if (toolType !== undefined) set(ATTR_GEN_AI_TOOL_TYPE, toolType.endsWith('Tool') ? 'function' : toolType)
  set(ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, written(take('gcp.vertex.agent.tool_call_args')))
  set(ATTR_GEN_AI_TOOL_CALL_RESULT, written(take('gcp.vertex.agent.tool_response')))
  const request = written(take('gcp.vertex.agent.llm_request'))
  const response = written(take('gcp.vertex.agent.llm_response'))
  input(isRecord(request) ? request['contents'] : undefined)
  output(isRecord(response) ? response['content'] : undefined)
  takeGeminiUsage(translation, response)
  takeOldNames(translation)
  return translation.finish('google_adk', ['gcp.vertex.agent.'])
}

/** With content off they write `{}`, and `N/A` where there is none. */
function written(value: unknown): unknown {
  const parsed = parseJson(value)
  if (parsed === 'N/A' || (isRecord(parsed) && Object.keys(parsed).length === 0)) return undefined
  return parsed
}

/** Gemini counts thoughts beside the candidates, and cached tokens inside the prompt. */
function takeGeminiUsage({ usage }: Translation, response: unknown): void {
  const counts = isRecord(response) ? toRecord(response['usageMetadata']) : undefined
  if (counts === undefined) return
  const candidates = toNumber(counts['candidatesTokenCount'])
  const thoughts = toNumber(counts['thoughtsTokenCount'])
  usage({
    input: counts['promptTokenCount'],
    output: candidates === undefined && thoughts === undefined ? undefined : (candidates ?? 0) + (thoughts ?? 0),
    cacheRead: counts['cachedContentTokenCount'],
    reasoning: thoughts,
    inputExcludesCached: false,
  })
}

/** Reads spans of `mistralai_sdk_tracer`. */
export function readMistral(span: SpanInput): Reading {
  const translation = startTranslation(span)
  translation.take('agent.trace.public')
  const toolSpan = span.name.startsWith(GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL)
  if (toolSpan) translation.operation(GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL)
  // With the port in it, which has an attribute of its own.
  translation.set(ATTR_SERVER_ADDRESS, toText(translation.take(ATTR_SERVER_ADDRESS))?.replace(/:\d+$/, ''))
  takeOldNames(translation)
  return translation.finish('mistral', ['mistral_ai.'])
}
