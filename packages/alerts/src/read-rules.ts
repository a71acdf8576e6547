import { readFileSync } from 'node:fs'
import { AlertRuleError, parseRules } from './parse-rules.ts'
import type { AlertRule } from './rule.ts'
import { standardRules } from './standard-rules.ts'

/**
 * The standard rules, with those of a file: a rule of the file that has a standard rule's name stands in its place.
 * Without a file, the standard rules.
 * @throws AlertRuleError when the file cannot be read or is wrong.
 */
export function readRules(file?: string): AlertRule[] {
  if (file === undefined) return [...standardRules]
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new AlertRuleError(file, [error instanceof Error ? error.message : String(error)])
  }
  const own = parseRules(text, file)
  const names = new Set(own.map(({ name }) => name))
  return [...standardRules.filter(({ name }) => !names.has(name)), ...own]
}
