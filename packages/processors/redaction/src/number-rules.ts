import { isCard } from './card.ts'
import { ibanEnd } from './iban.ts'
import { found, isAlphanumeric, isCapital, isDigit, isWord, matchEnd, type Scan } from './scan-state.ts'

/** A run of digits, and the character codes before and after it. */
interface Run {
  readonly start: number
  readonly end: number
  readonly length: number
  readonly before: number
  readonly after: number
}

const SPACE = 32
const OPEN = 40
const CLOSE = 41
const COMMA = 44
const HYPHEN = 45
const DOT = 46
const SLASH = 47
const COLON = 58

/** Whether a character divides the groups of a phone number. */
function divides(code: number): boolean {
  return code === HYPHEN || code === SPACE || code === DOT
}

const GROUPED_CARD = /\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?!\d)|\d{4}([ -])\d{6}\2\d{5}(?!\d)/y

function tryCard(scan: Scan, { start, end, length, after }: Run): number {
  const { text } = scan
  if (length >= 14 && length <= 19) return isCard(text.slice(start, end)) ? found(scan, start, end, 'card') : -1
  if (length !== 4 || (after !== SPACE && after !== HYPHEN)) return -1
  if (!isDigit(text, end + 3) || !isDigit(text, end + 4)) return -1
  const last = matchEnd(GROUPED_CARD, text, start)
  return last !== -1 && isCard(text.slice(start, last).replaceAll(/[ -]/g, '')) ? found(scan, start, last, 'card') : -1
}

// What follows is looked at up to the end of the chain of numbers and dots, which is tried once, at its first number.
const IPV4 = /(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\d.]*\d)(?![A-Za-z_])/y
/** Addresses that say nothing about anybody. */
const NOBODYS_IP = /^(?:127\.|0\.0\.0\.0$|255\.255\.255\.255$)/

function tryIp(scan: Scan, { start, end, length, before, after }: Run): number {
  const { text } = scan
  if (after !== DOT || length > 3 || before === DOT) return -1
  let second = end + 1
  while (isDigit(text, second) && second < end + 5) second++
  if (text.charCodeAt(second) !== DOT) return -1
  const last = matchEnd(IPV4, text, start)
  return last !== -1 && !NOBODYS_IP.test(text.slice(start, last)) ? found(scan, start, last, 'ip') : -1
}

/** Letters as a set of bits. */
function letterBits(letters: string): number {
  let bits = 0
  for (const letter of letters) bits |= 1 << (letter.charCodeAt(0) - 97)
  return bits
}

const BEFORE_SSN = letterBits('nyrso')
const BEFORE_PHONE = letterBits('elxpstromk')

/**
 * Whether the word before a number, over at most four characters of punctuation, ends in one of these letters: a
 * quick no before the words around the number are looked at.
 */
function followsWordIn(text: string, start: number, bits: number): boolean {
  for (let index = start - 1; index >= start - 5; index--) {
    const folded = text.charCodeAt(index) | 32
    if (folded >= 97 && folded <= 122) return (bits & (1 << (folded - 97))) !== 0
    if (isDigit(text, index)) return false
  }
  return false
}

const SSN = /(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\dA-Za-z_-])/y
const SPACED_SSN = /(?!000|666|9)\d{3} ?(?!00)\d{2} ?(?!0000)\d{4}(?![\dA-Za-z_-])/y
const SSN_CONTEXT = /(?:ssn|social[ _-]?security)[^\d\n]{0,20}$/i

function trySsn(scan: Scan, { start, length, end, after }: Run): number {
  const { text } = scan
  if (length === 3 && after === HYPHEN && text.charCodeAt(end + 3) === HYPHEN) {
    const last = matchEnd(SSN, text, start)
    if (last !== -1) return found(scan, start, last, 'ssn')
  }
  if (length !== 9 && (length !== 3 || after !== SPACE || text.charCodeAt(end + 3) !== SPACE)) return -1
  if (!followsWordIn(text, start, BEFORE_SSN)) return -1
  const last = matchEnd(SPACED_SSN, text, start)
  return last !== -1 && SSN_CONTEXT.test(text.slice(Math.max(0, start - 40), start))
    ? found(scan, start, last, 'ssn')
    : -1
}

const NORTH_AMERICAN = /(?:1[ .-]?)?\(?[2-9]\d\d\)?[ .-]{1,2}[2-9]\d\d[ .-]\d{4}(?![\dA-Za-z_]|[.-]\d)/y

function tryNorthAmerican(scan: Scan, { start, end, length, before, after }: Run): number {
  const { text } = scan
  const opened = before === OPEN && after === CLOSE
  if (length === 3 ? !opened && !divides(after) : length !== 1 || text.charCodeAt(start) !== 49 || !divides(after))
    return -1
  // 860-555-0100, (860) 555-0100: three digits and a divider follow.
  if (length === 3 && !opened && !divides(text.charCodeAt(end + 4)) && !divides(text.charCodeAt(end + 1))) return -1
  const first = opened ? start - 1 : start
  const last = matchEnd(NORTH_AMERICAN, text, first)
  return last === -1 ? -1 : found(scan, first, last, 'phone')
}

/** The number that begins at `start`: digits in groups with the same divider, which a bracket may follow or precede. */
function groupedNumber(
  text: string,
  start: number,
): { end: number; digits: number; groups: number; lastGroup: number } {
  let index = start
  let digits = 0
  let groups = 1
  let lastGroup = 0
  let divider = 0
  for (; digits <= 15; index++) {
    if (isDigit(text, index)) {
      digits++
      lastGroup++
      continue
    }
    const code = text.charCodeAt(index)
    const next = text.charCodeAt(index + 1)
    const goesOn = isDigit(text, index + 1) || ((next === SPACE || next === OPEN) && isDigit(text, index + 2))
    if (!goesOn || !(divides(code) || code === SLASH || code === OPEN || code === CLOSE)) break
    if (code !== OPEN && code !== CLOSE) {
      if (divider !== 0 && code !== divider) break
      divider = code
    }
    groups++
    lastGroup = 0
  }
  return { end: index, digits, groups, lastGroup }
}

/** A phone number with its country code, at the `+`. */
export function onPlus(scan: Scan, index: number): number {
  const { text } = scan
  if (isAlphanumeric(text, index - 1) || !isDigit(text, index + 1)) return index + 1
  const number = groupedNumber(text, index + 1)
  const fits = number.digits >= 8 && number.digits <= 15 && !isWord(text, number.end)
  return fits ? found(scan, index, number.end, 'phone') : index + 1
}

function tryNational(scan: Scan, { start, length, before, after }: Run): number {
  const { text } = scan
  if (text.charCodeAt(start) !== 48 || !(divides(after) || after === SLASH)) return -1
  if (!isDigit(text, start + length + 1) && text.charCodeAt(start + length + 1) !== OPEN) return -1
  // In the middle of a row of numbers nothing begins: a row is looked at once.
  if ((before === SPACE || before === SLASH) && isDigit(text, start - 2)) return -1
  const number = groupedNumber(text, start)
  const most = text.charCodeAt(start + 1) === 48 ? 14 : 11
  // 06385-3823 is a ZIP code; 01.02.2026 10:30 a time.
  const isZip = length === 5 && number.groups === 2 && number.lastGroup === 4
  const fits = number.groups >= 2 && number.digits >= 9 && number.digits <= most && !isZip
  return fits && !isWord(text, number.end) && text.charCodeAt(number.end) !== COLON
    ? found(scan, start, number.end, 'phone')
    : -1
}

const PHONE_CONTEXT = /(?:phone|tel|mobile|cell|call|fax|whatsapp|sms)[^\d\n]{0,16}$/i

function tryBarePhone(scan: Scan, { start, end, length }: Run): number {
  if ((length !== 10 && length !== 11) || !followsWordIn(scan.text, start, BEFORE_PHONE)) return -1
  return PHONE_CONTEXT.test(scan.text.slice(Math.max(0, start - 28), start)) ? found(scan, start, end, 'phone') : -1
}

const BOT_TOKEN = /:[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/y

function tryBotToken(scan: Scan, { start, end, length, after }: Run): number {
  if (after !== COLON || length < 8 || length > 10) return -1
  const last = matchEnd(BOT_TOKEN, scan.text, end)
  return last === -1 ? -1 : found(scan, start, last, 'credential')
}

/** How far before the first long row of digits of an IBAN its country may stand: `RO49 AAAA 1B31 0075…`. */
const IBAN_HEAD = 14

/** An IBAN whose digits have their first long row at `start`; -1 when there is none. */
function tryIban(scan: Scan, start: number): number {
  const { text } = scan
  // What comes right before those digits is the country or the bank, in capitals.
  if (!isCapital(text, text.charCodeAt(start - 1) === SPACE ? start - 2 : start - 1)) return -1
  for (let head = start - 2; head >= start - IBAN_HEAD; head--) {
    if (!isCapital(text, head) || !isCapital(text, head + 1) || !isDigit(text, head + 2) || isWord(text, head - 1))
      continue
    const end = ibanEnd(text, head)
    if (end !== -1 && !isWord(text, end)) return found(scan, head, end, 'iban')
  }
  return -1
}

const CARD_TRIES = [tryCard]
/** What a run of digits may begin, by its length. */
const TRIES: readonly (readonly ((scan: Scan, run: Run) => number)[])[] = [
  [],
  [tryIp, tryNorthAmerican],
  [tryIp, tryNational],
  [tryIp, trySsn, tryNorthAmerican, tryNational],
  [tryCard, tryNational],
  [tryNational],
  [],
  [],
  [tryBotToken],
  [tryBotToken, trySsn],
  [tryBotToken, tryBarePhone],
  [tryBarePhone],
  [],
  [],
  ...Array.from({ length: 6 }, () => CARD_TRIES),
]
const NO_TRIES: (typeof TRIES)[number] = []

/** Looks at what begins with the run of digits from `start` to `end`; the result is where to go on. */
function onDigits(scan: Scan, start: number, end: number, before: number, after: number): number {
  const { text } = scan
  // 3rd, 4o, 1a2b and gpt4 are words.
  if (isWord(text, start - 1) || isWord(text, end)) return end
  // 3.14159, 2026-11-21: the number began before.
  if ((before === DOT || before === COMMA || before === HYPHEN) && isDigit(text, start - 2)) return end
  const length = end - start
  const tries = TRIES[length] ?? NO_TRIES
  if (tries.length === 0) return end
  const run = { start, end, length, before, after }
  for (let index = 0; index < tries.length; index++) {
    const last = tries[index]!(scan, run)
    if (last !== -1) return last
  }
  return end
}

/** The rest of an address after the first of its dots. */
const IP_REST = String.raw`(?<=\.)\d{1,3}\.\d{1,3}\.\d`
const LONG_AFTER_EIGHT = [
  String.raw`\d{0,2}:`, // a bot's token
  String.raw`\d\d{0,2}(?!\d)(?<=[nyrsoelxptmkNYRSOELXPTMK][^A-Za-z0-9]{1,4}\d{9,11})`, // an SSN or phone after a word
  String.raw`(?<=[2-6]\d{7})\d{6}`, // a card
].join('|')
/** The zero of a number that is not in the middle of a row of numbers or of a date. */
const NATIONAL = String.raw`(?<!\d[ ./,-])0`
/** What may follow the first digits of a run, by how many digits there are before something else comes. */
const AFTER_FOUR = String.raw`[. /-](?:(?<=${NATIONAL}\d{3}.)[\d(]|\d{4}(?:\d\d)?[ -]\d{4})|\d(?:[. /-](?<=${NATIONAL}\d{4}.)[\d(]|\d{3}(?:${LONG_AFTER_EIGHT}))`
const AFTER_THREE = String.raw`[. )/-](?:${IP_REST}|[ .-]{0,2}[2-9]\d\d[ .-]\d{4}|(?<=[ -])\d\d[ -]\d{4}|(?<=${NATIONAL}\d\d.)[\d(])|\d(?:${AFTER_FOUR})`
const AFTER_TWO = String.raw`[. /-](?:${IP_REST}|(?<=${NATIONAL}\d.)[\d(])|[\d ]{2}(?<=[A-Z] ?\d\d..)[\d ]{3}|\d(?:${AFTER_THREE})`
const AFTER_ONE = String.raw`[. -](?:${IP_REST}|(?<=1.)\(?[2-9]\d\d\)?[ .-]{1,2}[2-9]\d\d[ .-]\d{4})|\d(?:${AFTER_TWO})`

/**
 * Where a number of interest may begin: at the first digit of a run that goes on as one of {@link TRIES} or an IBAN
 * must. One tree, so that the engine reads each character once: most runs end in its first steps. It may say yes too
 * often, never no to what a try would find (a test compares).
 */
const CANDIDATE = new RegExp(String.raw`\d(?<!\d\d)(?:${AFTER_ONE})`, 'g')

/** Looks at the run of digits that begins at `start`; the result is where to go on. */
export function onNumber(scan: Scan, start: number): number {
  const { text } = scan
  const iban = tryIban(scan, start)
  if (iban !== -1) return iban
  let end = start
  while (isDigit(text, end)) end++
  return onDigits(scan, start, end, text.charCodeAt(start - 1), text.charCodeAt(end))
}

/** Finds cards, phone numbers without a country code, SSNs, IBANs and IPv4 addresses. */
export function findNumbers(scan: Scan): void {
  CANDIDATE.lastIndex = 0
  for (let match = CANDIDATE.exec(scan.text); match !== null; match = CANDIDATE.exec(scan.text)) {
    CANDIDATE.lastIndex = onNumber(scan, match.index)
  }
}
