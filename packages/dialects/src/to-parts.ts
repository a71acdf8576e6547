/** Turns the content of a message into parts of the GenAI schema. */
import { isRecord, parseJson, toText } from './coerce.ts'
import type { Part } from './message.ts'

/** The parts of a content: a text, a list of parts of any known shape, or one part. */
export function toParts(content: unknown): Part[] {
  if (content === undefined || content === null || content === '') return []
  if (typeof content === 'string') {
    const parsed = content.startsWith('[') ? parseJson(content) : content
    return Array.isArray(parsed) && parsed.every(isPartLike) ? toParts(parsed) : [text(content)]
  }
  const list = Array.isArray(content) ? content : [content]
  return list.map(toPart).filter((part) => part !== undefined)
}

function isPartLike(value: unknown): boolean {
  return isRecord(value) && (typeof value['type'] === 'string' || typeof value['text'] === 'string')
}

function text(content: string): Part {
  return { type: 'text', content }
}

/** A part that is ours already, but for a structure that was written as a text. */
function parsed(part: Record<string, unknown>, field: string): Part {
  const type = part['type'] as string
  return part[field] === undefined ? { ...part, type } : { ...part, type, [field]: parseJson(part[field]) }
}

type Converter = (part: Record<string, unknown>) => Part | undefined

/** By the `type` that other shapes write. A type that is not here is already ours, or is kept as it is. */
const converters: Record<string, Converter> = {
  text: (part) => text(toText(part['text']) ?? toText(part['content']) ?? ''),
  input_text: (part) => text(toText(part['text']) ?? ''),
  output_text: (part) => text(toText(part['text']) ?? ''),
  refusal: (part) => text(toText(part['refusal']) ?? ''),
  thinking: (part) => ({ type: 'reasoning', content: toText(part['thinking']) ?? '' }),
  reasoning: (part) => ({ type: 'reasoning', content: toText(part['content']) ?? toText(part['text']) ?? '' }),
  tool_call: (part) => parsed(part, 'arguments'),
  tool_call_response: (part) => parsed(part, 'response'),
  tool_use: (part) => toolCall(part['id'], part['name'], part['input']),
  'tool-call': (part) => toolCall(part['toolCallId'], part['toolName'], part['input'] ?? part['args']),
  tool_result: (part) => toolResponse(part['tool_use_id'], part['content']),
  'tool-result': (part) => toolResponse(part['toolCallId'], toolOutput(part['output'] ?? part['result'])),
  image_url: (part) => uri('image', isRecord(part['image_url']) ? part['image_url']['url'] : part['image_url']),
  image: imagePart,
  file: filePart,
  input_audio: audioPart,
}

function toPart(value: unknown): Part | undefined {
  if (typeof value === 'string') return text(value)
  if (!isRecord(value)) return undefined
  const type = toText(value['type'])
  if (type !== undefined) return Object.hasOwn(converters, type) ? converters[type]!(value) : { ...value, type }
  return geminiPart(value)
}

/** Gemini's parts name no type; the field that is there says it. */
function geminiPart(value: Record<string, unknown>): Part | undefined {
  if (typeof value['text'] === 'string')
    return value['thought'] === true ? { type: 'reasoning', content: value['text'] } : text(value['text'])
  const call = value['functionCall'] ?? value['function_call']
  if (isRecord(call)) return toolCall(call['id'], call['name'], call['args'])
  const response = value['functionResponse'] ?? value['function_response']
  if (isRecord(response)) return toolResponse(response['id'], response['response'])
  const data = value['inlineData'] ?? value['inline_data']
  if (isRecord(data)) return blob(toText(data['mimeType']) ?? toText(data['mime_type']), data['data'])
  return undefined
}

function toolCall(id: unknown, name: unknown, given: unknown): Part {
  const callId = toText(id)
  return {
    type: 'tool_call',
    ...(callId === undefined ? {} : { id: callId }),
    name: toText(name) ?? '',
    ...(given === undefined ? {} : { arguments: parseJson(given) }),
  }
}

function toolResponse(id: unknown, response: unknown): Part {
  const callId = toText(id)
  return {
    type: 'tool_call_response',
    ...(callId === undefined ? {} : { id: callId }),
    response: parseJson(response) ?? null,
  }
}

/** Vercel wraps a tool's output as `{type: 'json' | 'text', value}`. */
function toolOutput(output: unknown): unknown {
  return isRecord(output) && 'value' in output && typeof output['type'] === 'string' ? output['value'] : output
}

function imagePart(part: Record<string, unknown>): Part {
  const { source } = part
  if (isRecord(source))
    return source['type'] === 'url'
      ? uri('image', source['url'])
      : blob(toText(source['media_type']), source['data'], 'image')
  const mime = toText(part['mediaType']) ?? toText(part['mimeType'])
  const image = toText(part['image'])
  return image !== undefined && /^https?:/.test(image) ? uri('image', image, mime) : blob(mime, image, 'image')
}

function filePart(part: Record<string, unknown>): Part {
  if (typeof part['modality'] === 'string') return { ...part, type: 'file' }
  const { file } = part
  if (isRecord(file)) {
    const id = toText(file['file_id'])
    return id === undefined ? blob(undefined, file['file_data']) : { type: 'file', modality: 'document', file_id: id }
  }
  const mime = toText(part['mediaType']) ?? toText(part['mimeType'])
  const data = toText(part['data'])
  return data !== undefined && /^https?:/.test(data) ? uri(modalityOf(mime), data, mime) : blob(mime, data)
}

function audioPart(part: Record<string, unknown>): Part {
  const { input_audio: audio } = part
  return isRecord(audio)
    ? blob(`audio/${toText(audio['format']) ?? 'wav'}`, audio['data'])
    : blob('audio/wav', undefined)
}

/** A data URL is a blob: the schema wants no `data:` in a uri. */
function uri(modality: string, address: unknown, mime?: string): Part {
  const url = toText(address) ?? ''
  const data = /^data:([^;,]*);base64,(.*)$/s.exec(url)
  if (data !== null) return blob(data[1], data[2], modality)
  return { type: 'uri', modality, uri: url, ...(mime === undefined ? {} : { mime_type: mime }) }
}

function blob(mime: string | undefined, data: unknown, modality: string = modalityOf(mime)): Part {
  return {
    type: 'blob',
    modality,
    content: toText(data) ?? '',
    ...(mime === undefined || mime === '' ? {} : { mime_type: mime }),
  }
}

function modalityOf(mime: string | undefined): string {
  const kind = mime?.split('/')[0]
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'document'
}
