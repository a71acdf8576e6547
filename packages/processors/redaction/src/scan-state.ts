/** What kind of thing was found. Detectors of the user have names of their own. */
export type Rule = 'key' | 'credential' | 'email' | 'phone' | 'card' | 'iban' | 'ssn' | 'ip'

/** All rules of ours. */
export const RULES: readonly Rule[] = ['key', 'credential', 'email', 'phone', 'card', 'iban', 'ssn', 'ip']

/** A place in a text that must not leave the process: from `start` up to, not including, `end`. */
export interface Finding {
  readonly start: number
  readonly end: number
  readonly rule: string
}

/** One pass over one text. */
export interface Scan {
  readonly text: string
  readonly rules: ReadonlySet<string>
  readonly findings: Finding[]
  /** End of the last finding: nothing before it is looked at again. */
  floor: number
}

/**
 * Looks at one place. Every handler does a bounded amount of work before and after `index`, beyond what it skips by
 * its result: so a pass is linear in the length of the text, whatever the text is.
 * @returns where the pass goes on, always beyond `index`
 */
export type Handler = (scan: Scan, index: number) => number

/** Notes a finding, if its rule is on, and returns where to go on. */
export function found(scan: Scan, start: number, end: number, rule: Rule): number {
  if (!scan.rules.has(rule) || start < scan.floor) return end
  scan.findings.push({ start, end, rule })
  scan.floor = end
  return end
}

const DIGIT = 1
const UPPER = 2
const LOWER = 4
const WORD_OTHER = 8

const CLASSES = new Uint8Array(128)
for (let code = 48; code <= 57; code++) CLASSES[code] = DIGIT
for (let code = 65; code <= 90; code++) CLASSES[code] = UPPER
for (let code = 97; code <= 122; code++) CLASSES[code] = LOWER
CLASSES[95] = WORD_OTHER

/** Class of the character at a place; 0 outside of the text and for all that is no letter, digit or `_`. */
function classAt(text: string, index: number): number {
  const code = text.charCodeAt(index)
  return code < 128 ? CLASSES[code]! : 0
}

/** Whether there is a digit. */
export function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return code <= 57 && code >= 48
}

/** Whether there is an ASCII letter or digit. */
export function isAlphanumeric(text: string, index: number): boolean {
  return (classAt(text, index) & (DIGIT | UPPER | LOWER)) !== 0
}

/** Whether there is an ASCII letter, a digit or `_`. */
export function isWord(text: string, index: number): boolean {
  return classAt(text, index) !== 0
}

/** Whether there is an ASCII capital. */
export function isCapital(text: string, index: number): boolean {
  return classAt(text, index) === UPPER
}

/** The end of the run of the same character that begins at `index`. */
export function runEnd(text: string, index: number): number {
  const code = text.charCodeAt(index)
  let end = index + 1
  while (text.charCodeAt(end) === code) end++
  return end
}

/** Where a sticky expression ends that is tried at `index`; -1 when it does not match there. */
export function matchEnd(sticky: RegExp, text: string, index: number): number {
  sticky.lastIndex = index
  return sticky.test(text) ? sticky.lastIndex : -1
}
