/** OpenInference (Arize): `llm.*`, `input.*`, `output.*`, messages flattened into numbered keys. */
import {
  ATTR_AGENTEL_GRAPH_NODE_ID,
  ATTR_AGENTEL_GRAPH_NODE_NAME,
  ATTR_AGENTEL_GRAPH_NODE_PARENT_IDS,
  ATTR_AGENTEL_GUARDRAIL_NAME,
  ATTR_AGENTEL_SPAN_TYPE,
  ATTR_AGENTEL_TAGS,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_PROMPT_VERSION,
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
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
  ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_GEN_AI_TOOL_DESCRIPTION,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
} from '@agentel/semconv'
import { isRecord, parseJson, toInteger, toNumber, toRecord, toStrings, toText } from '../coerce.ts'
import { expandList } from '../expand-indexed.ts'
import type { Reading, SpanInput } from '../span-input.ts'
import { toToolDefinitions } from '../to-tool-definitions.ts'
import { startTranslation } from '../translation.ts'
import type { Rename, Translation } from '../translation.ts'
import { takeOldNames } from './gen-ai.ts'

const kindKey = 'openinference.span.kind'
const namespaces = [
  'openinference.',
  'llm.',
  'input.',
  'output.',
  'embedding.',
  'retrieval.',
  'reranker.',
  'tool.',
  'tool_call.',
  'agent.',
  'graph.',
  'metadata',
  'tag.',
  'prompt.',
]

const operations: Record<string, string> = {
  LLM: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  EMBEDDING: GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  RETRIEVER: GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
  TOOL: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  AGENT: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
}

const renames: readonly Rename[] = [
  ['agent.name', ATTR_GEN_AI_AGENT_NAME, toText],
  ['tool.name', ATTR_GEN_AI_TOOL_NAME, toText],
  ['tool.description', ATTR_GEN_AI_TOOL_DESCRIPTION, toText],
  ['tool_call.id', ATTR_GEN_AI_TOOL_CALL_ID, toText],
  ['tool_call.function.name', ATTR_GEN_AI_TOOL_NAME, toText],
  ['tool_call.function.arguments', ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, parseJson],
  ['llm.token_count.prompt_details.audio', ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS, toInteger],
  ['llm.token_count.completion_details.audio', ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS, toInteger],
  ['embedding.embeddings.0.embedding.vector', ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT, lengthOf],
  ['embedding.model_name', ATTR_GEN_AI_REQUEST_MODEL, toText],
  ['reranker.model_name', ATTR_GEN_AI_REQUEST_MODEL, toText],
  ['graph.node.id', ATTR_AGENTEL_GRAPH_NODE_ID, toText],
  ['graph.node.name', ATTR_AGENTEL_GRAPH_NODE_NAME, toText],
  ['graph.node.parent_id', ATTR_AGENTEL_GRAPH_NODE_PARENT_IDS, toStrings],
  ['tag.tags', ATTR_AGENTEL_TAGS, toStrings],
  ['prompt.id', ATTR_GEN_AI_PROMPT_NAME, toText],
  ['llm.prompt_template.version', ATTR_GEN_AI_PROMPT_VERSION, toText],
]

/** What `llm.invocation_parameters` may hold: the body of the request. */
const parameters: readonly Rename[] = [
  ['model', ATTR_GEN_AI_REQUEST_MODEL, toText],
  ['max_tokens', ATTR_GEN_AI_REQUEST_MAX_TOKENS, toInteger],
  ['max_completion_tokens', ATTR_GEN_AI_REQUEST_MAX_TOKENS, toInteger],
  ['max_output_tokens', ATTR_GEN_AI_REQUEST_MAX_TOKENS, toInteger],
  ['temperature', ATTR_GEN_AI_REQUEST_TEMPERATURE, toNumber],
  ['top_p', ATTR_GEN_AI_REQUEST_TOP_P, toNumber],
  ['top_k', ATTR_GEN_AI_REQUEST_TOP_K, toInteger],
  ['frequency_penalty', ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY, toNumber],
  ['presence_penalty', ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY, toNumber],
  ['seed', ATTR_GEN_AI_REQUEST_SEED, toInteger],
  ['stop', ATTR_GEN_AI_REQUEST_STOP_SEQUENCES, toStrings],
  ['stream', ATTR_GEN_AI_REQUEST_STREAM, (value) => (value === true ? true : undefined)],
]

function lengthOf(value: unknown): number | undefined {
  return Array.isArray(value) ? value.length : undefined
}

/** Reads OpenInference spans. */
export function readOpenInference(span: SpanInput): Reading {
  const translation = startTranslation(span)
  const { take, set } = translation
  const kind = toText(take(kindKey))?.toUpperCase() ?? ''
  const operation = Object.hasOwn(operations, kind) ? operations[kind] : undefined
  if (operation === undefined && kind !== '') set(ATTR_AGENTEL_SPAN_TYPE, kind.toLowerCase())
  translation.operation(operation)
  translation.rename(renames)
  takeModel(translation)
  takeUsage(translation)
  takeContent(translation, operation)
  if (kind === 'TOOL') set(ATTR_GEN_AI_TOOL_NAME, span.name)
  if (kind === 'AGENT') set(ATTR_GEN_AI_AGENT_NAME, span.name)
  if (kind === 'GUARDRAIL') set(ATTR_AGENTEL_GUARDRAIL_NAME, span.name)
  takeOldNames(translation)
  return translation.finish('openinference', namespaces)
}

function takeModel({ take, set, provider, finishReasons }: Translation): void {
  const asked = toRecord(take('llm.invocation_parameters')) ?? {}
  for (const [theirs, ours, coerce] of parameters) set(ours, coerce(asked[theirs]))
  const model = toText(take('llm.model_name'))
  set(ATTR_GEN_AI_REQUEST_MODEL, model)
  // The instrumentations put the name of the response in place of that of the request; of a stream they do not.
  if (asked['model'] !== undefined && asked['model'] !== model) set(ATTR_GEN_AI_RESPONSE_MODEL, model)
  const system = take('llm.system')
  provider(take('llm.provider') ?? system)
  finishReasons(take('llm.finish_reason'))
}

function takeUsage({ take, usage, span }: Translation): void {
  take('llm.token_count.total')
  usage({
    input: take('llm.token_count.prompt'),
    output: take('llm.token_count.completion'),
    cacheRead: take('llm.token_count.prompt_details.cache_read') ?? take('llm.token_count.prompt_details.cache_input'),
    cacheWrite: take('llm.token_count.prompt_details.cache_write'),
    reasoning: take('llm.token_count.completion_details.reasoning'),
    // The JavaScript one for Anthropic passes the count on as the API gives it: without what was cached.
    ...(span.scope === '@arizeai/openinference-instrumentation-anthropic' ? { inputExcludesCached: true } : {}),
  })
}

function takeContent(translation: Translation, operation: string | undefined): void {
  const { take, takeAll, set, input, output } = translation
  input(flatMessages(takeAll('llm.input_messages.')))
  output(flatMessages(takeAll('llm.output_messages.')))
  set(ATTR_GEN_AI_TOOL_DEFINITIONS, toToolDefinitions(flatTools(takeAll('llm.tools.'))))
  set(ATTR_GEN_AI_RETRIEVAL_DOCUMENTS, flatDocuments(takeAll('retrieval.documents.')))
  const sent = take('input.value')
  const received = take('output.value')
  take('input.mime_type')
  take('output.mime_type')
  if (operation === GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL) {
    set(ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, parseJson(sent))
    set(ATTR_GEN_AI_TOOL_CALL_RESULT, parseJson(received))
  } else if (operation === GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL) set(ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT, toText(sent))
  else if (operation !== GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS) {
    input(sent)
    output(received)
  }
}

/** `0.message.role`, `0.message.contents.0.message_content.text`, `0.message.tool_calls.0.tool_call.function.name`. */
function flatMessages(flat: ReadonlyMap<string, unknown>): unknown[] | undefined {
  return expandList(flat)?.map((item) => {
    const message = isRecord(item) && isRecord(item['message']) ? item['message'] : {}
    const contents = listOf(message['contents'], 'message_content').map(flatContent)
    return {
      ...message,
      content: contents.length > 0 ? contents : message['content'],
      tool_calls: listOf(message['tool_calls'], 'tool_call'),
    }
  })
}

function listOf(value: unknown, inside: string): Record<string, unknown>[] {
  return (Array.isArray(value) ? value : []).map((item) => (isRecord(item) ? item[inside] : undefined)).filter(isRecord)
}

function flatContent(content: Record<string, unknown>): Record<string, unknown> {
  if (!isRecord(content['image'])) return content
  const { image } = content['image']
  return { type: 'image_url', image_url: isRecord(image) ? image['url'] : undefined }
}

/** `0.tool.json_schema`, or only a name. */
function flatTools(flat: ReadonlyMap<string, unknown>): unknown[] | undefined {
  return expandList(flat)?.map((item) => {
    const tool = isRecord(item) && isRecord(item['tool']) ? item['tool'] : {}
    return tool['json_schema'] ?? tool
  })
}

function flatDocuments(flat: ReadonlyMap<string, unknown>): unknown[] | undefined {
  return expandList(flat)?.map((item) => (isRecord(item) && isRecord(item['document']) ? item['document'] : item))
}
