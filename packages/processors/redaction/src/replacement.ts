import { createHmac } from 'node:crypto'
import type { Finding } from './scan-state.ts'

/** Writes what stands in the place of a secret. */
export type Replacement = (secret: string, rule: string) => string

/** `[REDACTED:rule]`, or `[REDACTED:rule:hash]` with a keyed hash by which equal secrets can be told to be equal. */
export function createReplacement(hashKey: string | undefined): Replacement {
  if (hashKey === undefined) return (_, rule) => `[REDACTED:${rule}]`
  return (secret, rule) => {
    const hash = createHmac('sha256', hashKey).update(secret).digest('hex').slice(0, 16)
    return `[REDACTED:${rule}:${hash}]`
  }
}

/** Whether a place in JSON is within a string, told from a place where that is known. */
function isInString(json: string, from: number, to: number, known: boolean): boolean {
  let inside = known
  for (let index = json.indexOf('"', from); index !== -1 && index < to; index = json.indexOf('"', index + 1)) {
    if (!inside || !isEscaped(json, index, from)) inside = !inside
  }
  return inside
}

/** Whether an odd number of backslashes stands before a place. */
function isEscaped(json: string, index: number, least: number): boolean {
  let first = index
  while (first > least && json.charCodeAt(first - 1) === 92) first--
  return (index - first) % 2 === 1
}

/** What begins a value of JSON that is no string. */
const BARE_VALUE = /^[-\d[{tfn]/

/** The text with all findings replaced. What was a number or an object in JSON becomes a string, so that it stays JSON. */
export function replaceFindings(text: string, findings: readonly Finding[], replacement: Replacement): string {
  const isJson = /^\s*[[{]/.test(text)
  let result = ''
  let position = 0
  // Up to where it is known whether there is a string, and whether there is one.
  let known = 0
  let inside = false
  for (const { start, end, rule } of findings) {
    if (start < position) continue
    const secret = text.slice(start, end)
    const replaced = replacement(secret, rule)
    let bare = false
    if (isJson && BARE_VALUE.test(secret)) {
      inside = isInString(text, known, start, inside)
      bare = !inside
      // A finding within a string ends in it; a bare value has all of its quotes within itself.
      known = end
    }
    result += text.slice(position, start) + (bare ? `"${replaced}"` : replaced)
    position = end
  }
  return result + text.slice(position)
}
