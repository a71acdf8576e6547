/** OpenLLMetry (Traceloop): `traceloop.*`, `llm.*`, messages as `gen_ai.prompt.0.content`. */
import {
  ATTR_AGENTEL_METADATA,
  ATTR_AGENTEL_SPAN_TYPE,
  ATTR_AGENTEL_TASK_NAME,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_PROMPT_TOKENS,
  ATTR_GEN_AI_USAGE_COMPLETION_TOKENS,
  ATTR_GEN_AI_WORKFLOW_NAME,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
} from '@agentel/semconv'
import { isRecord, parseJson, toInteger, toNumber, toStrings, toText } from '../coerce.ts'
import { expandList } from '../expand-indexed.ts'
import { toToolDefinitions } from '../to-tool-definitions.ts'
import type { Reading, SpanInput } from '../span-input.ts'
import { startTranslation } from '../translation.ts'
import type { Rename, Translation } from '../translation.ts'
import { takeOldNames } from './gen-ai.ts'

/** Their own: it is the sum of the two counts. Since they write GenAI names, it is what tells them. */
export const TOTAL_TOKENS = 'gen_ai.usage.total_tokens'

const namespaces = ['traceloop.', 'llm.', 'gen_ai.prompt.', 'gen_ai.completion.']

const operationOfRequest: Record<string, string> = {
  chat: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  completion: GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  embedding: GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
}
const operationOfKind: Record<string, string> = {
  workflow: GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
  agent: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  tool: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
}
const nameOfKind: Record<string, string> = {
  workflow: ATTR_GEN_AI_WORKFLOW_NAME,
  agent: ATTR_GEN_AI_AGENT_NAME,
  tool: ATTR_GEN_AI_TOOL_NAME,
  task: ATTR_AGENTEL_TASK_NAME,
}

const renames: readonly Rename[] = [
  ['llm.top_k', ATTR_GEN_AI_REQUEST_TOP_K, toInteger],
  ['llm.frequency_penalty', ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY, toNumber],
  ['llm.presence_penalty', ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY, toNumber],
  ['llm.chat.stop_sequences', ATTR_GEN_AI_REQUEST_STOP_SEQUENCES, toStrings],
  ['llm.is_streaming', ATTR_GEN_AI_REQUEST_STREAM, (value) => (value === true ? true : undefined)],
  ['llm.request.reasoning_effort', ATTR_GEN_AI_REQUEST_REASONING_LEVEL, toText],
]

/** Reads OpenLLMetry spans. */
export function readOpenLlmetry(span: SpanInput): Reading {
  const translation = startTranslation(span)
  const { take } = translation
  translation.rename(renames)
  const kind = toText(take('traceloop.span.kind')) ?? ''
  const request = toText(take('llm.request.type')) ?? ''
  const operation = lookUp(operationOfRequest, request) ?? lookUp(operationOfKind, kind)
  translation.operation(operation)
  takeEntity(translation, kind, operation)
  takeAssociations(translation)
  takeMessages(translation)
  take('llm.usage.total_tokens')
  take(TOTAL_TOKENS)
  translation.usage({
    input: take(ATTR_GEN_AI_USAGE_INPUT_TOKENS) ?? take(ATTR_GEN_AI_USAGE_PROMPT_TOKENS),
    output: take(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS) ?? take(ATTR_GEN_AI_USAGE_COMPLETION_TOKENS),
    cacheRead: take('gen_ai.usage.cache_read_input_tokens'),
    cacheWrite: take('gen_ai.usage.cache_creation_input_tokens'),
    reasoning: take('gen_ai.usage.reasoning_tokens'),
  })
  takeOldNames(translation)
  return translation.finish('openllmetry', namespaces)
}

function lookUp(table: Record<string, string>, word: string): string | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined
}

/** A decorated function: `traceloop.entity.*`. */
function takeEntity(
  { take, set, input, output, span }: Translation,
  kind: string,
  operation: string | undefined,
): void {
  const name = toText(take('traceloop.entity.name'))
  const workflow = toText(take('traceloop.workflow.name'))
  const key = lookUp(nameOfKind, kind)
  if (key !== undefined) set(key, name ?? span.name)
  set(ATTR_GEN_AI_WORKFLOW_NAME, workflow)
  if (operation === undefined && kind !== '') set(ATTR_AGENTEL_SPAN_TYPE, kind)
  const sent = parseJson(take('traceloop.entity.input'))
  const received = parseJson(take('traceloop.entity.output'))
  if (kind === 'tool') {
    set(ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, sent)
    set(ATTR_GEN_AI_TOOL_CALL_RESULT, received)
  } else if (operation !== undefined) {
    input(sent)
    output(received)
  }
}

function takeAssociations({ takeAll, set }: Translation): void {
  for (const [name, value] of takeAll('traceloop.association.properties.')) {
    if (name === 'user_id') set(ATTR_USER_ID, toText(value))
    else if (name === 'session_id') set(ATTR_SESSION_ID, toText(value))
    else if (name === 'chat_id' || name === 'thread_id') set(ATTR_GEN_AI_CONVERSATION_ID, toText(value))
    else set(ATTR_AGENTEL_METADATA(name), typeof value === 'string' ? value : JSON.stringify(value))
  }
}

function takeMessages({ takeAll, set, finishReasons, input, output, span }: Translation): void {
  input(expandList(takeAll('gen_ai.prompt.')))
  const choices = expandList(takeAll('gen_ai.completion.'))
  output(choices)
  set(ATTR_GEN_AI_TOOL_DEFINITIONS, toToolDefinitions(expandList(takeAll('llm.request.functions.'))))
  if (span.attributes[ATTR_GEN_AI_RESPONSE_FINISH_REASONS] === undefined)
    finishReasons(choices?.map((choice) => (isRecord(choice) ? choice['finish_reason'] : undefined)))
}
