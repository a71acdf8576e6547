import { CONTENT_SLOTS, TEXT_SLOTS } from '../otlp/promoted-keys.ts'
import type { ScannedSpan } from '../otlp/scanned-span.ts'
import { copyBytes, reserve, type Sink } from '../otlp/wire.ts'

/** Of each content value, so many bytes are made searchable. */
const MAX_INDEXED = 64 * 1024

const ERROR_TYPE = TEXT_SLOTS.indexOf('errorType')

const SPACE = 0x20
const BACKSLASH = 0x5c
const LETTER_U = 0x75
/** The letters of `\n`, `\r` and `\t`: they part words. */
const BLANKS: ReadonlySet<number> = new Set([0x6e, 0x72, 0x74])

function addByte(sink: Sink, byte: number): void {
  reserve(sink, 1)
  sink.buf[sink.pos++] = byte
}

function addString(sink: Sink, text: string): void {
  reserve(sink, text.length * 3)
  sink.pos += sink.buf.write(text, sink.pos)
}

/** The code unit that `\u` and four digits at this place stand for; undefined when they do not. */
function codeUnitAt(text: Buffer, at: number): number | undefined {
  if (text[at] !== BACKSLASH || text[at + 1] !== LETTER_U) return undefined
  const digits = text.toString('latin1', at + 2, at + 6)
  return /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : undefined
}

/** Adds what an escape stands for, and returns the place after it. Two in a row may be halves of one character. */
function addEscaped(sink: Sink, text: Buffer, at: number): number {
  let units = ''
  let next = at
  for (let unit = codeUnitAt(text, next); unit !== undefined; unit = codeUnitAt(text, next)) {
    units += String.fromCharCode(unit)
    next += 6
  }
  if (units !== '') {
    addString(sink, units)
    return next
  }
  const letter = text[at + 1]!
  addByte(sink, BLANKS.has(letter) ? SPACE : letter)
  return at + 2
}

/** Undoes JSON's escapes without parsing, so that words next to `\n` or written as `\u00e9` are found. */
function addJsonText(sink: Sink, text: Buffer): void {
  let from = 0
  for (let at = text.indexOf(BACKSLASH); at !== -1 && at + 1 < text.length; at = text.indexOf(BACKSLASH, from)) {
    copyBytes(sink, text, from, at)
    from = addEscaped(sink, text, at)
  }
  copyBytes(sink, text, from, text.length)
  addByte(sink, SPACE)
}

function addForeignContent(sink: Sink, content: readonly unknown[]): void {
  for (const value of content) {
    if (value === undefined) continue
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    addJsonText(sink, Buffer.from(text.slice(0, MAX_INDEXED)))
  }
}

/**
 * Adds the text of a span that the full-text index gets: name, error, content. It stays bytes: making strings of it, only
 * for SQLite to make bytes of them, was much of what a span cost. `named`: names that this text has already.
 */
export function addSearchableText(sink: Sink, body: Buffer, span: ScannedSpan, named: Set<string>): void {
  if (!named.has(span.name)) {
    named.add(span.name)
    addString(sink, `${span.name} `)
  }
  if (span.status === 2) addString(sink, `${span.texts[ERROR_TYPE]!} ${span.statusMessage} `)
  if (span.foreignContent !== undefined) addForeignContent(sink, span.foreignContent)
  for (let slot = 0; slot < CONTENT_SLOTS.length; slot++) {
    const start = span.content[slot * 2]!
    if (start < 0) continue
    const end = Math.min(span.content[slot * 2 + 1]!, start + MAX_INDEXED)
    addJsonText(sink, body.subarray(start, end))
  }
}
