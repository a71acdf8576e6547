/** One part of a message, in OpenTelemetry's shape. */
export type Part = Readonly<Record<string, unknown>> & { readonly type: string }

/** One message, in OpenTelemetry's shape. */
export interface Message {
  readonly role: string
  readonly parts: readonly Part[]
  readonly name?: string
  readonly finish_reason?: string
}

/** A part of text. */
export function textPart(content: unknown): Part {
  return { type: 'text', content: typeof content === 'string' ? content : String(content) }
}

/** A tool call that the model asks for. Its arguments come as JSON text, which a model can get wrong: then they stay text. */
export function toolCallPart(id: unknown, name: unknown, text: unknown): Part {
  return { type: 'tool_call', name: String(name), ...(id ? { id } : undefined), arguments: parseJson(text) }
}

/** What a tool answered. */
export function toolResultPart(id: unknown, result: unknown): Part {
  return { type: 'tool_call_response', ...(id ? { id } : undefined), response: result ?? '' }
}

const DATA_URL = /^data:([^;,]*)[^,]*;base64,/

/** Something to see, hear or read: by address, or as bytes in a `data:` URL. */
export function mediaPart(modality: string, url: unknown): Part {
  const address = String(url)
  const match = DATA_URL.exec(address)
  if (match === null) return { type: 'uri', modality, uri: address }
  return blobPart(modality, address.slice(match[0].length), match[1])
}

/** Bytes in a `data:` URL, or as base64 alone. */
export function bytesPart(modality: string, data: unknown): Part {
  return DATA_URL.test(String(data)) ? mediaPart(modality, data) : blobPart(modality, data)
}

/** Bytes as base64; never cut, for half of it is rubbish. */
export function blobPart(modality: string, content: unknown, mimeType?: string): Part {
  return { type: 'blob', modality, content: String(content), ...(mimeType ? { mime_type: mimeType } : undefined) }
}

/** A file that the provider keeps. */
export function filePart(modality: string, id: unknown): Part {
  return { type: 'file', modality, file_id: String(id) }
}

/** JSON as what it says; a text that is none, as it is. */
export function parseJson(text: unknown): unknown {
  if (typeof text !== 'string') return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** Name and type of the tools that a request offers; their descriptions and schemas are not recorded. */
export function toolDefinitions(tools: unknown): readonly { type: string; name: string }[] | undefined {
  if (!Array.isArray(tools) || tools.length === 0) return undefined
  return tools.map(
    (tool: { type?: unknown; name?: unknown; function?: { name?: unknown }; custom?: { name?: unknown } }) => {
      const type = tool.type === undefined || tool.type === null ? 'function' : String(tool.type)
      // The provider's own tools (web search, …) have no other name than their type.
      return { type, name: String(tool.name ?? tool.function?.name ?? tool.custom?.name ?? type) }
    },
  )
}
