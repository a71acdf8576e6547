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
  for (let index = from; index < to; index++) {
    const code = json.charCodeAt(index)
    if (code === 92 && inside) index++
    else if (code === 34) inside = !inside
  }
  return inside
}

/** The text with all findings replaced. What was a number or an object in JSON becomes a string, so that it stays JSON. */
export function replaceFindings(text: string, findings: readonly Finding[], replacement: Replacement): string {
  const isJson = /^\s*[[{]/.test(text)
  let result = ''
  let position = 0
  let inside = false
  for (const { start, end, rule } of findings) {
    if (start < position) continue
    const bare = isJson && !(inside = isInString(text, position, start, inside))
    const replaced = replacement(text.slice(start, end), rule)
    result += text.slice(position, start) + (bare ? `"${replaced}"` : replaced)
    // A finding within a string ends in it; a bare value has all of its quotes within itself.
    position = end
  }
  return result + text.slice(position)
}
