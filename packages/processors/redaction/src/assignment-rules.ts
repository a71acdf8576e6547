import { found, isAlphanumeric, isDigit, matchEnd, runEnd, type Scan } from './scan-state.ts'
import { isHex, onIpv6 } from './address-rules.ts'
import type { KeyClassifier, KeyKind } from './sensitive-keys.ts'

const MAX_NAME = 64
const COLON = 58
const QUOTES = '"\'`'

function isNameCode(code: number): boolean {
  const folded = code | 32
  return (folded >= 97 && folded <= 122) || (code >= 48 && code <= 57) || code === 95 || code === 45 || code === 46
}

/** The end of the name before a `:` or `=`: quotes, backslashes and at most two spaces are passed over. */
function nameEnd(text: string, index: number): number {
  let end = index
  for (let spaces = 0; spaces < 2 && text.charCodeAt(end - 1) === 32; spaces++) end--
  for (let marks = 0; marks < 8; marks++) {
    const code = text.charCodeAt(end - 1)
    if (code !== 34 && code !== 39 && code !== 96 && code !== 92 && code !== 93) break
    end--
  }
  return end
}

function nameStart(text: string, end: number): number {
  let start = end
  while (start > 0 && end - start < MAX_NAME && isNameCode(text.charCodeAt(start - 1))) start--
  return start
}

function backslashesBefore(text: string, index: number, least: number): number {
  let count = 0
  while (index - count > least && text.charCodeAt(index - count - 1) === 92) count++
  return count
}

/**
 * The end of a quoted value: the next quote that is escaped as little as the opening one, or the end of the text
 * when it was cut off. JSON within JSON has its quotes escaped once more with every level.
 */
function quotedEnd(text: string, quote: string, level: number, start: number): number {
  let at = text.indexOf(quote, start)
  while (at !== -1) {
    const escapes = backslashesBefore(text, at, start)
    if (level === 0 ? escapes % 2 === 0 : escapes <= level) return level === 0 ? at : at - Math.min(level, escapes)
    at = text.indexOf(quote, at + 1)
  }
  return text.length
}

/** The end of a value in brackets, or of the text when it was cut off. Brackets in quotes do not count. */
function bracketEnd(text: string, start: number): number {
  let depth = 0
  for (let index = start; index < text.length; index++) {
    const character = text[index]!
    if (character === '"') index = quotedEnd(text, '"', 0, index + 1)
    else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') {
      depth--
      if (depth === 0) return index + 1
    }
  }
  return text.length
}

/** Values that stand for a secret or tell its type, and are none. */
const PLACEHOLDER =
  /^(?:str|string|int|integer|float|number|bool|boolean|bytes|any|object|optional|none|null|undefined|true|false|unknown|nil|void|required|empty|example|redacted|\[redacted.*|x+|\*+|\.+|<[^>]*>|\$\{?[A-Za-z_].*|\{\{.*|%[A-Za-z_]*%?s?|your[-_ ].*|my[-_ ].*)$/i
const BARE = /[^\s,;&"'`<>(){}[\]|\\]{1,256}/y
const LINE_REST = /[^\r\n"'`]{1,4096}/y
const SCHEME_AND_VALUE = /(?:Bearer|Basic|Token|Digest|ApiKey|Negotiate) +/iy

function isRandom(value: string): boolean {
  return value.length >= 16 || (value.length >= 6 && /\d/.test(value))
}

/** Whether an unquoted value is one, and not a word of prose, a type or an expression of a program. */
function isBareSecret(text: string, kind: KeyKind, operator: string, start: number, end: number): boolean {
  const value = text.slice(start, end)
  const after = text[end] ?? ''
  if (after === '(' || after === '[' || PLACEHOLDER.test(value) || /^[A-Za-z_]+(?:\.[A-Za-z_]+)+$/.test(value))
    return false
  if (kind === 'token') return isRandom(value)
  if (/[\d!@#$%^*+=~?-]/.test(value)) return value.length >= 3
  return value.length >= 3 && (operator === '=' || !(after === ' ' && isAlphanumeric(text, end + 1)))
}

interface Value {
  readonly kind: KeyKind
  readonly name: string
  readonly operator: string
}

function bareValue(scan: Scan, start: number, { kind, name, operator }: Value): number {
  const { text } = scan
  if (/(?:cookie|authorization)s?$/i.test(name)) {
    if (isProse(text.slice(start, start + 200))) return start
    const end = matchEnd(LINE_REST, text, start)
    return end === -1 ? start : found(scan, start, end, 'key')
  }
  const scheme = matchEnd(SCHEME_AND_VALUE, text, start)
  const end = matchEnd(BARE, text, scheme === -1 ? start : scheme)
  if (end === -1) return start
  return isBareSecret(text, kind, operator, start, end) ? found(scan, start, end, 'key') : end
}

/** A header's value has a sign or digit in its first word or is a scheme and a value; a sentence has not. */
function isProse(value: string): boolean {
  const words = value.split(' ')
  const scheme = /^(?:Bearer|Basic|Token|Digest|ApiKey|Negotiate)$/i.test(words[0] ?? '')
  const first = (scheme ? words[1] : words[0]) ?? ''
  return first.length < 16 && !/[\d=_]/.test(first)
}

function valueOf(scan: Scan, index: number, value: Value): number {
  const { text } = scan
  let start = index + 1
  for (let spaces = 0; spaces < 4 && (text[start] === ' ' || text[start] === '\n' || text[start] === '\t'); spaces++)
    start++
  let level = 0
  while (level < 8 && text[start + level] === '\\') level++
  const quote = text[start + level] ?? ''
  if (quote !== '' && QUOTES.includes(quote)) {
    const from = start + level + 1
    const end = quotedEnd(text, quote, level, from)
    const isSecret = end > from && !PLACEHOLDER.test(text.slice(from, Math.min(end, from + 64)))
    return isSecret ? found(scan, from, end, 'key') : end
  }
  if (level > 0) return start
  if (quote === '{' || quote === '[') {
    const inJson = QUOTES.includes(text[index - 1] ?? ' ')
    return inJson && value.kind === 'secret' ? found(scan, start, bracketEnd(text, start), 'key') : start
  }
  // "token": 5 counts; "ssn": 123456789 does not.
  if (value.kind === 'token' && isDigit(text, start) && QUOTES.includes(text[index - 1] ?? ' ')) return start
  return bareValue(scan, start, value)
}

/**
 * The `:` and `=` at which something may be assigned to a secret name, told by the name's last letters; and a colon of
 * what may be an IPv6 address, which 10:30:45 is not.
 */
export function assignmentPattern(classify: KeyClassifier): RegExp {
  return new RegExp(
    `[:=](?:(?<=${classify.endings}["'\`\\]\\\\]{0,8} {0,2}[:=])|(?<=:)(?=:|(?:[0-9a-fA-F]{1,4}:){3}))`,
    'g',
  )
}

/** Finds values of secret names: `"password": "…"`, `api_key=…`, `Authorization: Bearer …`; and IPv6 addresses. */
export function findAssignments(scan: Scan, pattern: RegExp, classify: KeyClassifier): void {
  const { text } = scan
  pattern.lastIndex = 0
  while (pattern.test(text)) pattern.lastIndex = onAssignment(scan, pattern.lastIndex - 1, classify)
}

/** Looks at a `:` or `=`; the result is where to go on. */
export function onAssignment(scan: Scan, index: number, classify: KeyClassifier): number {
  const { text } = scan
  if (text.charCodeAt(index) === COLON && (text.charCodeAt(index + 1) === COLON || isHex(text, index + 1))) {
    const end = onIpv6(scan, index)
    if (end !== -1) return end
  }
  const next = runEnd(text, index)
  if (next !== index + 1) return next
  const end = nameEnd(text, index)
  // What ends in punctuation is the end of a sentence or a path.
  if (!isAlphanumeric(text, end - 1)) return next
  const name = text.slice(nameStart(text, end), end)
  const kind = classify(name)
  return kind === 'plain' ? next : Math.max(next, valueOf(scan, index, { kind, name, operator: text[index]! }))
}

const OPTION = /--[a-z][a-z-]{2,40}(?= [^\s-])/y

/** Values of secret command-line options, `--password …`, at the first hyphen; -1 when there is none. */
export function tryOption(scan: Scan, index: number, classify: KeyClassifier): number {
  const { text } = scan
  const nameStop = matchEnd(OPTION, text, index)
  if (nameStop === -1) return -1
  const kind = classify(text.slice(index + 2, nameStop))
  if (kind === 'plain') return -1
  const end = matchEnd(BARE, text, nameStop + 1)
  return end === -1 || PLACEHOLDER.test(text.slice(nameStop + 1, end)) ? -1 : found(scan, nameStop + 1, end, 'key')
}
