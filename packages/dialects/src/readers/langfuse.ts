/** Langfuse SDKs on OpenTelemetry: `langfuse.observation.*`, `langfuse.trace.*`. */
import {
  ATTR_AGENTEL_COST_AMOUNT,
  ATTR_AGENTEL_COST_SOURCE,
  ATTR_AGENTEL_GUARDRAIL_NAME,
  ATTR_AGENTEL_METADATA,
  ATTR_AGENTEL_SPAN_TYPE,
  ATTR_AGENTEL_TAGS,
  ATTR_AGENTEL_TRACE_NAME,
  AGENTEL_COST_SOURCE_VALUE_LOCAL,
  ATTR_DEPLOYMENT_ENVIRONMENT_NAME,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_PROMPT_VERSION,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_SERVICE_VERSION,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
} from '@agentel/semconv'
import { parseJson, toInteger, toNumber, toRecord, toStrings, toText } from '../coerce.ts'
import type { Reading, SpanInput } from '../span-input.ts'
import { toToolDefinitions } from '../to-tool-definitions.ts'
import { startTranslation } from '../translation.ts'
import type { Rename, Translation } from '../translation.ts'
import { takeOldNames } from './gen-ai.ts'

const operations: Record<string, string> = {
  generation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  embedding: GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  agent: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  tool: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  retriever: GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
}

const renames: readonly Rename[] = [
  ['langfuse.observation.model.name', ATTR_GEN_AI_REQUEST_MODEL, toText],
  ['langfuse.observation.prompt.name', ATTR_GEN_AI_PROMPT_NAME, toText],
  [
    'langfuse.observation.prompt.version',
    ATTR_GEN_AI_PROMPT_VERSION,
    (value) => (value === undefined ? value : String(value as number)),
  ],
  ['langfuse.trace.name', ATTR_AGENTEL_TRACE_NAME, toText],
  ['langfuse.trace.tags', ATTR_AGENTEL_TAGS, toStrings],
  ['langfuse.user.id', ATTR_USER_ID, toText],
  ['langfuse.session.id', ATTR_SESSION_ID, toText],
  ['langfuse.environment', ATTR_DEPLOYMENT_ENVIRONMENT_NAME, toText],
  ['langfuse.release', ATTR_SERVICE_VERSION, toText],
]

const parameters: readonly Rename[] = [
  ['temperature', ATTR_GEN_AI_REQUEST_TEMPERATURE, toNumber],
  ['max_tokens', ATTR_GEN_AI_REQUEST_MAX_TOKENS, toInteger],
  ['maxTokens', ATTR_GEN_AI_REQUEST_MAX_TOKENS, toInteger],
  ['top_p', ATTR_GEN_AI_REQUEST_TOP_P, toNumber],
  ['topP', ATTR_GEN_AI_REQUEST_TOP_P, toNumber],
  ['frequency_penalty', ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY, toNumber],
  ['presence_penalty', ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY, toNumber],
]

/** Reads spans of Langfuse's SDKs. */
export function readLangfuse(span: SpanInput): Reading {
  const translation = startTranslation(span)
  const { take, set } = translation
  const type = toText(take('langfuse.observation.type')) ?? 'span'
  const operation = operationOf(type, span.name)
  translation.operation(operation)
  // Their wrapper names its spans OpenAI.chat, OpenAI.embeddings; others name them freely.
  if (span.name.startsWith('OpenAI.')) translation.provider(GEN_AI_PROVIDER_NAME_VALUE_OPENAI)
  if (operation === undefined) set(ATTR_AGENTEL_SPAN_TYPE, type)
  if (type === 'agent') set(ATTR_GEN_AI_AGENT_NAME, span.name)
  if (type === 'tool') set(ATTR_GEN_AI_TOOL_NAME, span.name)
  if (type === 'guardrail') set(ATTR_AGENTEL_GUARDRAIL_NAME, span.name)
  translation.rename(renames)
  const asked = toRecord(take('langfuse.observation.model.parameters')) ?? {}
  for (const [theirs, ours, coerce] of parameters) set(ours, coerce(asked[theirs]))
  takeUsage(translation)
  takeContent(translation, operation)
  takeMetadata(translation)
  takeOldNames(translation)
  return translation.finish('langfuse', ['langfuse.'])
}

/** Embeddings of their wrapper are generations too; only the name says it. */
function operationOf(type: string, name: string): string | undefined {
  if (type === 'generation' && name.endsWith('.embeddings')) return GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS
  return Object.hasOwn(operations, type) ? operations[type] : undefined
}

/** Their wrapper for OpenAI takes every detail (`input_cached_tokens`) out of the sum that it belongs to. */
function takeUsage({ take, usage, set }: Translation): void {
  const counts = toRecord(take('langfuse.observation.usage_details')) ?? {}
  const input = firstNumber(counts, ['input', 'prompt_tokens', 'input_tokens', 'promptTokens', 'inputTokens'])
  const output = firstNumber(counts, [
    'output',
    'completion_tokens',
    'output_tokens',
    'completionTokens',
    'outputTokens',
  ])
  const total = firstNumber(counts, ['total', 'total_tokens', 'totalTokens'])
  const whole = total !== undefined && (input ?? 0) + (output ?? 0) === total
  usage({
    input: whole ? input : plus(input, detailsOf(counts, 'input_')),
    output: whole ? output : plus(output, detailsOf(counts, 'output_')),
    cacheRead: firstNumber(counts, ['input_cached_tokens', 'input_cache_read', 'cache_read_input_tokens']),
    cacheWrite: firstNumber(counts, [
      'input_cache_write_tokens',
      'input_cache_creation',
      'cache_creation_input_tokens',
    ]),
    reasoning: firstNumber(counts, ['output_reasoning_tokens', 'output_reasoning']),
  })
  const cost = toNumber(toRecord(take('langfuse.observation.cost_details'))?.['total'])
  set(ATTR_AGENTEL_COST_AMOUNT, cost)
  if (cost !== undefined) set(ATTR_AGENTEL_COST_SOURCE, AGENTEL_COST_SOURCE_VALUE_LOCAL)
}

function firstNumber(counts: Record<string, unknown>, names: readonly string[]): number | undefined {
  return names.map((name) => toNumber(counts[name])).find((count) => count !== undefined)
}

function detailsOf(counts: Record<string, unknown>, prefix: string): number {
  return Object.entries(counts)
    .filter(([name]) => name.startsWith(prefix) && name !== `${prefix}tokens`)
    .reduce((sum, [, count]) => sum + (toNumber(count) ?? 0), 0)
}

function plus(count: number | undefined, details: number): number | undefined {
  return count === undefined ? undefined : count + details
}

function takeContent({ take, set, input, output }: Translation, operation: string | undefined): void {
  const sent = take('langfuse.observation.input')
  const received = take('langfuse.observation.output')
  if (operation === GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL) {
    set(ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, parseJson(sent))
    set(ATTR_GEN_AI_TOOL_CALL_RESULT, parseJson(received))
  } else if (operation === GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL) {
    set(ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT, toText(sent))
  } else if (operation !== GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS) {
    input(sent)
    output(received)
    set(ATTR_GEN_AI_TOOL_DEFINITIONS, toToolDefinitions(toRecord(sent)?.['tools']))
  }
}

function takeMetadata({ take, takeAll, set }: Translation): void {
  for (const prefix of ['langfuse.observation.metadata', 'langfuse.trace.metadata']) {
    const whole = toRecord(take(prefix)) ?? {}
    for (const [name, value] of [...Object.entries(whole), ...takeAll(`${prefix}.`)])
      set(ATTR_AGENTEL_METADATA(name), typeof value === 'string' ? value : JSON.stringify(value))
  }
}
