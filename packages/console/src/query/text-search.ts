import { readChunk } from '../store/chunk.ts'
import type { Reader } from './reader.ts'

const MAX_CHUNKS = 5000
const MAX_PHRASE_CHUNKS = 300

interface Words {
  readonly match: string
  readonly phrases: readonly string[]
}

/**
 * The words to find, in the index's syntax, and the quoted phrases, which the index cannot check (it holds no positions).
 * The last word may be the beginning of one, as it is still being typed.
 */
export function parseText(text: string): Words | undefined {
  const words = text.match(/[\p{L}\p{N}\p{Co}]+/gu)
  if (words === null) return undefined
  const typing = /[\p{L}\p{N}]$/u.test(text)
  const terms = words.map((word, i) => `"${word}"${typing && i === words.length - 1 ? '*' : ''}`)
  const phrases = [...text.matchAll(/"([^"]+)"/g)].map((m) => m[1]!.trim().toLowerCase()).filter((p) => p.includes(' '))
  return { match: terms.join(' AND '), phrases }
}

function hasPhrases(data: unknown, phrases: readonly string[]): boolean {
  if (!(data instanceof Uint8Array)) return false
  const text = readChunk(data)
    .map(({ bytes }) => bytes.toString('utf8'))
    .join('\n')
    .toLowerCase()
  return phrases.every((phrase) => text.includes(phrase))
}

/** Numbers of the traces in which the text occurs, those that came last first; at most a few thousand chunks are looked at. */
export function tracesWithText(reader: Reader, text: string): number[] {
  const words = parseText(text)
  if (words === undefined) return []
  const limit = words.phrases.length > 0 ? MAX_PHRASE_CHUNKS : MAX_CHUNKS
  const found = reader.rows(
    `SELECT c.tr, c.id FROM (SELECT rowid AS id FROM span_text WHERE span_text MATCH ? ORDER BY rowid DESC LIMIT ?) s
     CROSS JOIN chunks c ON c.id = s.id`,
    words.match,
    limit,
  )
  const matching =
    words.phrases.length === 0
      ? found
      : found.filter(([, id]) =>
          hasPhrases(reader.row('SELECT data FROM chunks WHERE id = ?', id!)?.[0], words.phrases),
        )
  return [...new Set(matching.map(([tr]) => Number(tr)))]
}
