import {
  blobPart,
  type Message,
  mediaPart,
  type Part,
  textPart,
  toolCallPart,
  toolResultPart,
} from '@agentel/instrumentation-kit'

/** A part of a message, in the SDK's shapes. */
interface SdkPart {
  readonly type?: string
  readonly text?: unknown
  readonly toolCallId?: unknown
  readonly toolName?: unknown
  readonly input?: unknown
  readonly output?: unknown
  readonly mediaType?: unknown
  readonly data?: unknown
  readonly image?: unknown
}

/** The messages of a request. */
export function inputMessages(messages: unknown): Message[] {
  if (!Array.isArray(messages)) return []
  return messages.map(({ role, content }: { role?: unknown; content?: unknown }) => ({
    role: String(role),
    parts: typeof content === 'string' ? [textPart(content)] : outputParts(content),
  }))
}

/** The instructions of a request: a text, a message or several. */
export function systemParts(system: unknown): Part[] | undefined {
  if (system === undefined || system === null) return undefined
  const all = Array.isArray(system) ? system : [system]
  return all.map((one: unknown) => textPart(typeof one === 'string' ? one : (one as { content?: unknown }).content))
}

/** The parts of a message. */
export function outputParts(content: unknown): Part[] {
  return Array.isArray(content) ? content.map((part: SdkPart) => toPart(part)) : []
}

function toPart(part: SdkPart): Part {
  if (part.type === 'text') return textPart(part.text)
  if (part.type === 'reasoning') return { type: 'reasoning', content: String(part.text) }
  if (part.type === 'tool-call') return toolCallPart(part.toolCallId, part.toolName, part.input)
  if (part.type === 'tool-result') return toolResultPart(part.toolCallId, part.output)
  const media = part.data ?? part.image
  // Bytes are not copied: what cannot be referred to is only named.
  if (media instanceof URL || (typeof media === 'string' && ADDRESS.test(media)))
    return mediaPart(modalityOf(part), media)
  if (typeof media === 'string') return blobPart(modalityOf(part), media, mimeTypeOf(part))
  return { type: part.type ?? 'other' }
}

/** What is no address is base64. */
const ADDRESS = /^[a-z][a-z0-9+.-]*:/i

function mimeTypeOf({ mediaType }: SdkPart): string | undefined {
  return typeof mediaType === 'string' && mediaType.includes('/') ? mediaType : undefined
}

function modalityOf({ mediaType, type }: SdkPart): string {
  const start = String(mediaType ?? type).split('/')[0]!
  return ['image', 'audio', 'video'].includes(start) ? start : 'document'
}
