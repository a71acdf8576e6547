import type { RedactionOptions } from '@agentel/processor-redaction'
import type { AgentelConfig } from './generated/config-fields.ts'

/** The options of redaction; `false` when it is off. */
export function redactionOf({ enabled, skipRules, ...options }: AgentelConfig['redaction']): RedactionOptions | false {
  return enabled && { ...options, rules: Object.fromEntries(skipRules.map((rule) => [rule, false])) }
}
