import {
  blobPart,
  bytesPart,
  type Content,
  filePart,
  mediaPart,
  type Message,
  type Part,
  textPart,
  toolCallPart,
  toolDefinitions,
  toolResultPart,
} from '@agentel/instrumentation-kit'
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '@agentel/semconv'

interface Item {
  readonly type?: unknown
  readonly role?: unknown
  readonly content?: unknown
  readonly id?: unknown
  readonly call_id?: unknown
  readonly name?: unknown
  readonly arguments?: unknown
  readonly input?: unknown
  readonly output?: unknown
  readonly result?: unknown
  readonly summary?: readonly { readonly text?: unknown }[]
}

interface ContentItem {
  readonly type?: unknown
  readonly text?: unknown
  readonly refusal?: unknown
  readonly image_url?: unknown
  readonly file_id?: unknown
  readonly file_url?: unknown
  readonly file_data?: unknown
  readonly input_audio?: { readonly data?: unknown; readonly format?: unknown }
}

/** The input of a response: its instructions are apart from the messages. */
export function readResponsesInput([body]: readonly unknown[]): Content {
  const { input, instructions, tools } = (body ?? {}) as { input?: unknown; instructions?: unknown; tools?: unknown }
  const definitions = toolDefinitions(tools)
  return {
    ...(typeof instructions === 'string' ? { [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: [textPart(instructions)] } : undefined),
    ...(input === undefined ? undefined : { [ATTR_GEN_AI_INPUT_MESSAGES]: readInput(input) }),
    ...(definitions ? { [ATTR_GEN_AI_TOOL_DEFINITIONS]: definitions } : undefined),
  }
}

/** All items of a response's output are one message of the model. */
export function readResponsesOutput(response: unknown): Content {
  const { output } = (response ?? {}) as { output?: unknown }
  if (!Array.isArray(output) || output.length === 0) return {}
  const parts = output.flatMap((item: Item) => readItem(item))
  return { [ATTR_GEN_AI_OUTPUT_MESSAGES]: [{ role: 'assistant', parts }] }
}

function readInput(input: unknown): Message[] {
  if (!Array.isArray(input)) return [{ role: 'user', parts: [textPart(input)] }]
  return input.map((item: Item) => ({ role: roleOf(item), parts: readItem(item) }))
}

function roleOf({ role, type }: Item): string {
  if (typeof role === 'string') return role
  return String(type).endsWith('_output') ? 'tool' : 'assistant'
}

function readItem(item: Item): Part[] {
  switch (item.type) {
    case undefined:
    case 'message':
      return readContent(item.content)
    case 'function_call':
      return [toolCallPart(item.call_id, item.name, item.arguments)]
    case 'custom_tool_call':
      return [toolCallPart(item.call_id, item.name, item.input)]
    case 'function_call_output':
    case 'custom_tool_call_output':
      return [toolResultPart(item.call_id, Array.isArray(item.output) ? readContent(item.output) : item.output)]
    case 'image_generation_call':
      return readImage(item)
    case 'reasoning':
      return (item.summary ?? []).map(({ text }) => ({ type: 'reasoning', content: String(text) }))
    case 'compaction':
      return [{ type: 'compaction', ...(item.id === undefined ? undefined : { id: item.id }) }]
    default:
      return [otherItem(item)]
  }
}

/** A picture that the provider made: the call, and the picture beside it. */
function readImage({ result, ...call }: Item): Part[] {
  const { output_format: format } = call as { output_format?: unknown }
  const type = `image/${typeof format === 'string' ? format : 'png'}`
  return [otherItem(call), ...(typeof result === 'string' ? [blobPart('image', result, type)] : [])]
}

/** The provider's own tools (web search, code interpreter, …) are called and answered on its side. */
function otherItem(item: Item): Part {
  const type = String(item.type)
  if (!type.endsWith('_call')) return { ...item, type }
  const name = String(item.name ?? type.slice(0, -'_call'.length))
  return {
    type: 'server_tool_call',
    name,
    ...(item.id === undefined ? undefined : { id: item.id }),
    server_tool_call: { ...item, type },
  }
}

function readContent(content: unknown): Part[] {
  if (typeof content === 'string') return [textPart(content)]
  return Array.isArray(content) ? content.map(readContentItem) : []
}

function readContentItem(item: ContentItem): Part {
  switch (item.type) {
    case 'input_text':
    case 'output_text':
      return textPart(item.text)
    case 'refusal':
      return { type: 'refusal', content: item.refusal }
    case 'input_image':
      return item.file_id === undefined || item.file_id === null
        ? mediaPart('image', item.image_url)
        : filePart('image', item.file_id)
    case 'input_file':
      return item.file_id === undefined || item.file_id === null ? readFile(item) : filePart('document', item.file_id)
    case 'input_audio':
      return blobPart('audio', item.input_audio?.data, `audio/${String(item.input_audio?.format)}`)
    default:
      return { ...item, type: String(item.type) }
  }
}

function readFile({ file_url: url, file_data: data }: ContentItem): Part {
  return url === undefined || url === null ? bytesPart('document', data) : mediaPart('document', url)
}
