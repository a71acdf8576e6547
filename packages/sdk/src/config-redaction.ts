import type { RedactionOptions } from '@agentel/processor-redaction'
import type { AgentelConfig } from './generated/config-fields.ts'

/** The options of redaction; `false` when it is off. */
export function redactionOf(config: AgentelConfig['redaction']): RedactionOptions | false {
  const { enabled, skipRules, presidio: _, slowAttributes: _1, timeoutMs: _2, unanswered: _3, ...options } = config
  return enabled && { ...options, rules: Object.fromEntries(skipRules.map((rule) => [rule, false])) }
}
