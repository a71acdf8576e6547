import {
  type Content,
  blobPart,
  bytesPart,
  filePart,
  mediaPart,
  type Message,
  type Part,
  textPart,
  toolCallPart,
  toolDefinitions,
  toolResultPart,
} from '@agentel/instrumentation-kit'
import { ATTR_GEN_AI_INPUT_MESSAGES, ATTR_GEN_AI_OUTPUT_MESSAGES, ATTR_GEN_AI_TOOL_DEFINITIONS } from '@agentel/semconv'
import type { ChatAnswer, ChatAudio, ChatToolCall } from './chat.ts'

interface ChatMessage {
  readonly role?: unknown
  readonly name?: unknown
  readonly content?: unknown
  readonly refusal?: unknown
  readonly tool_calls?: readonly ChatToolCall[]
  readonly function_call?: { readonly name?: unknown; readonly arguments?: unknown } | null
  readonly tool_call_id?: unknown
  readonly audio?: ChatAudio | null
  readonly reasoning_content?: unknown
  readonly reasoning?: unknown
}

interface ContentItem {
  readonly type?: unknown
  readonly text?: unknown
  readonly refusal?: unknown
  readonly image_url?: { readonly url?: unknown }
  readonly input_audio?: { readonly data?: unknown; readonly format?: unknown }
  readonly file?: { readonly file_id?: unknown; readonly file_data?: unknown }
}

/** The messages of a chat request, as they were sent: a system message is part of the history. */
export function readChatInput([body]: readonly unknown[]): Content {
  const { messages, tools } = (body ?? {}) as { messages?: unknown; tools?: unknown }
  const definitions = toolDefinitions(tools)
  return {
    ...(Array.isArray(messages) ? { [ATTR_GEN_AI_INPUT_MESSAGES]: messages.map(readMessage) } : undefined),
    ...(definitions ? { [ATTR_GEN_AI_TOOL_DEFINITIONS]: definitions } : undefined),
  }
}

/** One message for each choice. */
export function readChatOutput(response: unknown): Content {
  const { choices } = (response ?? {}) as ChatAnswer
  const messages = (choices ?? []).filter((choice) => choice?.message).map((choice) => readMessage(choice.message))
  return messages.length === 0 ? {} : { [ATTR_GEN_AI_OUTPUT_MESSAGES]: messages }
}

function readMessage(value: unknown): Message {
  const message = (value ?? {}) as ChatMessage
  const role = String(message.role ?? 'assistant')
  return {
    role,
    parts: readParts(message, role),
    ...(typeof message.name === 'string' ? { name: message.name } : undefined),
  }
}

function readParts(message: ChatMessage, role: string): Part[] {
  if (role === 'tool' || role === 'function') return [toolResultPart(message.tool_call_id, joinTexts(message.content))]
  const thought = message.reasoning_content ?? message.reasoning
  const thoughts: Part[] =
    typeof thought === 'string' && thought !== '' ? [{ type: 'reasoning', content: thought }] : []
  const parts = [...thoughts, ...readItems(message.content), ...readAudio(message.audio)]
  if (typeof message.refusal === 'string') parts.push({ type: 'refusal', content: message.refusal })
  for (const call of message.tool_calls ?? []) {
    const { name, arguments: text } = call.function ?? { name: call.custom?.name, arguments: call.custom?.input }
    parts.push(toolCallPart(call.id, name, text))
  }
  if (message.function_call)
    parts.push(toolCallPart(undefined, message.function_call.name, message.function_call.arguments))
  return parts
}

/** What a model said aloud, now or before. */
function readAudio(audio: ChatAudio | null | undefined): Part[] {
  if (audio === undefined || audio === null) return []
  const { id, transcript, data } = audio
  const said = transcript ? [textPart(transcript)] : []
  if (data === undefined) return id === undefined ? said : [...said, filePart('audio', id)]
  return [...said, blobPart('audio', typeof data === 'string' ? data : joinBase64(data))]
}

function joinBase64(pieces: readonly string[]): string {
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64'))).toString('base64')
}

function readItems(content: unknown): Part[] {
  // A stream cannot tell an empty text from none.
  if (typeof content === 'string') return content === '' ? [] : [textPart(content)]
  return Array.isArray(content) ? content.map(readItem) : []
}

function readItem(item: ContentItem): Part {
  switch (item.type) {
    case 'text':
      return textPart(item.text)
    case 'refusal':
      return { type: 'refusal', content: item.refusal }
    case 'image_url':
      return mediaPart('image', item.image_url?.url)
    case 'input_audio':
      return blobPart('audio', item.input_audio?.data, `audio/${String(item.input_audio?.format)}`)
    case 'file':
      return item.file?.file_id === undefined
        ? bytesPart('document', item.file?.file_data)
        : filePart('document', item.file.file_id)
    default:
      return { ...item, type: String(item.type) }
  }
}

/** A tool's answer is a text, or texts in parts. */
function joinTexts(content: unknown): unknown {
  if (!Array.isArray(content)) return content
  return content.map(({ text }: ContentItem) => text ?? '').join('')
}
