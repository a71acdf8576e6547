import {
  blobPart,
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
import type { MessageAnswer } from './messages.ts'

interface Block {
  readonly type?: unknown
  readonly text?: unknown
  readonly thinking?: unknown
  readonly id?: unknown
  readonly name?: unknown
  readonly input?: unknown
  readonly tool_use_id?: unknown
  readonly content?: unknown
  readonly source?: Source
}

interface Source {
  readonly type?: unknown
  readonly media_type?: unknown
  readonly data?: unknown
  readonly url?: unknown
  readonly file_id?: unknown
  readonly content?: unknown
}

/** The input of a message: the system prompt is apart from the history. */
export function readMessagesInput([params]: readonly unknown[]): Content {
  const { messages, system, tools } = (params ?? {}) as { messages?: unknown; system?: unknown; tools?: unknown }
  const definitions = toolDefinitions(Array.isArray(tools) ? tools.map(plainTool) : undefined)
  return {
    ...(system ? { [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: readBlocks(system) } : undefined),
    ...(Array.isArray(messages) ? { [ATTR_GEN_AI_INPUT_MESSAGES]: messages.map(readMessage) } : undefined),
    ...(definitions ? { [ATTR_GEN_AI_TOOL_DEFINITIONS]: definitions } : undefined),
  }
}

/** A message's content, whole or put together from events. */
export function readMessagesOutput(response: unknown): Content {
  const { content } = (response ?? {}) as MessageAnswer
  // A stream that was cut can have holes.
  const blocks = (content ?? []).filter((block) => block !== undefined)
  if (blocks.length === 0) return {}
  return { [ATTR_GEN_AI_OUTPUT_MESSAGES]: [{ role: 'assistant', parts: readBlocks(blocks) }] }
}

/** A tool that the application runs is of type `custom`, or of none; the provider's own say what they are. */
function plainTool(tool: { type?: unknown }): unknown {
  return tool?.type === 'custom' ? { ...tool, type: undefined } : tool
}

function readMessage(value: unknown): Message {
  const { role, content } = (value ?? {}) as { role?: unknown; content?: unknown }
  const blocks = Array.isArray(content) ? (content as Block[]) : []
  // A message that has nothing but the answers of tools is one of theirs.
  const fromTools = blocks.length > 0 && blocks.every(({ type }) => type === 'tool_result')
  return { role: fromTools ? 'tool' : String(role ?? 'user'), parts: readBlocks(content) }
}

function readBlocks(content: unknown): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [textPart(content)]
  if (!Array.isArray(content)) return []
  // A stream cannot tell an empty text from none.
  return (content as Block[]).filter(({ type, text }) => type !== 'text' || text !== '').map(readBlock)
}

function readBlock(block: Block): Part {
  switch (block.type) {
    case 'text':
      return textPart(block.text)
    case 'thinking':
      return { type: 'reasoning', content: String(block.thinking) }
    case 'redacted_thinking':
      return { type: 'reasoning', content: '' }
    case 'tool_use':
      return toolCallPart(block.id, block.name, block.input)
    case 'tool_result':
      return toolResultPart(block.tool_use_id, readResult(block.content))
    case 'server_tool_use':
    case 'mcp_tool_use':
      return serverCall(block)
    case 'image':
      return readSource('image', block.source)
    case 'document':
      return readSource('document', block.source)
    case 'compaction':
      return { type: 'compaction' }
    default:
      return otherBlock(block)
  }
}

/** The provider's own tools are called and answered on its side. */
function serverCall({ type, id, name, input }: Block): Part {
  return {
    type: 'server_tool_call',
    name: String(name),
    ...(id === undefined ? undefined : { id }),
    server_tool_call: { type: String(type), input },
  }
}

function otherBlock(block: Block): Part {
  const type = String(block.type)
  if (!type.endsWith('_tool_result')) return { ...block, type }
  return {
    type: 'server_tool_call_response',
    ...(block.tool_use_id === undefined ? undefined : { id: block.tool_use_id }),
    server_tool_call_response: { type, content: block.content },
  }
}

/** A tool's answer is a text, or blocks. */
function readResult(content: unknown): unknown {
  if (!Array.isArray(content)) return content
  const onlyTexts = (content as Block[]).every(({ type }) => type === 'text')
  if (onlyTexts) return (content as Block[]).map(({ text }) => String(text)).join('')
  return readBlocks(content)
}

/** Something to see or read: by address, by the provider's id, or as bytes. */
function readSource(modality: string, source: Source = {}): Part {
  switch (source.type) {
    case 'url':
      return mediaPart(modality, source.url)
    case 'file':
      return filePart(modality, source.file_id)
    case 'base64':
      return blobPart(modality, source.data, typeof source.media_type === 'string' ? source.media_type : undefined)
    case 'text':
      return textPart(source.data)
    case 'content':
      return toolResultPart(undefined, readBlocks(source.content))
    default:
      return { ...source, type: String(source.type), modality }
  }
}
