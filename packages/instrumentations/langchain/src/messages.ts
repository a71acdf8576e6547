import {
  blobPart,
  type Content,
  mediaPart,
  type Message as OurMessage,
  type Part,
  textPart,
  toolCallPart,
  toolDefinitions,
  toolResultPart,
} from '@agentel/instrumentation-kit'
import { ATTR_GEN_AI_INPUT_MESSAGES, ATTR_GEN_AI_OUTPUT_MESSAGES, ATTR_GEN_AI_TOOL_DEFINITIONS } from '@agentel/semconv'
import { finishReason, type Generation, type ModelEvent, type ModelResult } from './chat.ts'
import type { Message } from './usage.ts'

/** The messages and tools of a call. */
export function chatInput({ input, extra }: ModelEvent): Content {
  const { invocation_params: call } = (extra ?? {}) as { invocation_params?: { tools?: unknown } }
  const tools = toolDefinitions(call?.tools)
  return {
    [ATTR_GEN_AI_INPUT_MESSAGES]: readMessages(input),
    ...(tools === undefined ? undefined : { [ATTR_GEN_AI_TOOL_DEFINITIONS]: tools }),
  }
}

/** One message for each choice. */
export function readAnswer({ generations }: ModelResult): Content {
  return { [ATTR_GEN_AI_OUTPUT_MESSAGES]: (generations ?? []).flat().map(readChoice) }
}

/** The text that is to be continued. */
export function completionInput({ input }: ModelEvent): Content {
  return { [ATTR_GEN_AI_INPUT_MESSAGES]: [{ role: 'user', parts: [textPart(input)] }] }
}

function readChoice(generation: Generation): OurMessage {
  const reason = finishReason(generation)
  const { message, text } = generation
  const read = message === undefined ? { role: 'assistant', parts: [textPart(text)] } : readMessage(message)
  return { ...read, ...(reason === undefined ? undefined : { finish_reason: reason }) }
}

/** Messages of LangChain, or of a graph's state. */
export function readMessages(messages: unknown): OurMessage[] {
  return Array.isArray(messages) ? messages.map((message: Message | undefined) => readMessage(message ?? {})) : []
}

const ROLES: Readonly<Record<string, string>> = { human: 'user', ai: 'assistant', AIMessageChunk: 'assistant' }

function readMessage(message: Message): OurMessage {
  const type = typeof message._getType === 'function' ? message._getType() : message.role
  const role = ROLES[String(type)] ?? String(type ?? 'user')
  return {
    role,
    parts: role === 'tool' ? [toolResultPart(message.tool_call_id, message.content)] : readParts(message),
    ...(typeof message.name === 'string' ? { name: message.name } : undefined),
  }
}

function readParts({ content, tool_calls: calls }: Message): Part[] {
  const parts = typeof content === 'string' ? (content === '' ? [] : [textPart(content)]) : readBlocks(content)
  for (const { id, name, args } of calls ?? []) parts.push(toolCallPart(id, name, args))
  return parts
}

interface Block {
  readonly type?: unknown
  readonly text?: unknown
  readonly image_url?: { readonly url?: unknown } | string
  readonly url?: unknown
  /** Base64, or bytes. */
  readonly data?: unknown
  readonly mimeType?: unknown
  readonly mime_type?: unknown
}

function readBlocks(content: unknown): Part[] {
  if (!Array.isArray(content)) return []
  // Tool calls are told apart from the content too.
  const blocks = (content as (Block | string)[]).filter(
    (block) => !/^(tool_use|tool_call|function_call)$/.test(String((block as Block).type)),
  )
  return blocks.map(readBlock)
}

function readBlock(block: Block | string): Part {
  if (typeof block === 'string') return textPart(block)
  if (block.type === 'text') return textPart(block.text)
  const url = typeof block.image_url === 'object' ? block.image_url.url : block.image_url
  if (url !== undefined) return mediaPart('image', url)
  if (typeof block.url === 'string') return mediaPart(String(block.type), block.url)
  const { data, mimeType, mime_type: type = mimeType } = block
  if (typeof data === 'string') return blobPart(String(block.type), data, typeof type === 'string' ? type : undefined)
  // Bytes are not copied: what cannot be referred to is only named.
  return { type: String(block.type ?? 'other') }
}
