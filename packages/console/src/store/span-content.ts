import { CONTENT_SLOTS } from '../otlp/promoted-keys.ts'
import type { ScannedSpan } from '../otlp/scanned-span.ts'

const MAX_TITLE = 200
const MAX_TITLE_SOURCE = 1024 * 1024

function textOfParts(message: { parts?: unknown; content?: unknown }): string {
  if (typeof message.content === 'string') return message.content
  const parts = Array.isArray(message.parts) ? message.parts : message.content
  if (!Array.isArray(parts)) return ''
  return parts
    .map((part: { type?: unknown; content?: unknown; text?: unknown } | null) => part?.content ?? part?.text)
    .filter((text) => typeof text === 'string')
    .join(' ')
}

/** The first question of a user in a `gen_ai.input.messages` value; undefined when there is none. */
export function questionIn(messages: unknown): string | undefined {
  if (!Array.isArray(messages)) return undefined
  for (const message of messages as ({ role?: unknown; parts?: unknown; content?: unknown } | null)[]) {
    if (message?.role !== 'user') continue
    const text = textOfParts(message)
      .slice(0, MAX_TITLE * 5)
      .replace(/\s{2,}|[^\S ]/g, ' ')
      .trim()
    if (text !== '') return text.length > MAX_TITLE ? `${text.slice(0, MAX_TITLE - 1)}…` : text
  }
  return undefined
}

/** The question that a span's input asks, when it has input as a JSON string. */
export function spanQuestion(body: Buffer, span: ScannedSpan): string | undefined {
  const slot = CONTENT_SLOTS.indexOf('inputMessages')
  if (span.foreignContent !== undefined) return questionIn(span.foreignContent[slot])
  const start = span.content[slot * 2]!
  const end = span.content[slot * 2 + 1]!
  if (start < 0 || end - start > MAX_TITLE_SOURCE) return undefined
  try {
    return questionIn(JSON.parse(body.toString('utf8', start, end)))
  } catch {
    return undefined // Not JSON: there is no question in it that we could show.
  }
}
