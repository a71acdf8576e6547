import { type Finding, type Rule, RULES } from './scan-state.ts'

/** A detector of the user's. It must be quick and must not block: it runs when a span ends. */
export interface Detector {
  /** Told in `agentel.redaction.rules` and in the replacement. */
  readonly name: string
  /** Places in the text that must not leave the process, in order and without overlap. */
  find(text: string): readonly { readonly start: number; readonly end: number }[]
}

/** What redaction takes. */
export interface RedactionOptions {
  /**
   * What becomes of a finding. `mask` (default): `[REDACTED:rule]`. `hash`: the same with a keyed hash, so that equal
   * values stay recognisable; needs `hashKey`. `drop`: the whole attribute is left out.
   */
  readonly mode?: 'mask' | 'hash' | 'drop'
  /** At least 16 characters; whoever knows it can test guesses against the hashes. */
  readonly hashKey?: string
  /** Rules to switch off (`{ip: false}`); all are on. */
  readonly rules?: Partial<Record<Rule, boolean>>
  /** More names whose values are secret, as `employee_number`; matched as the last words of a name. */
  readonly keys?: readonly string[]
  /** Attributes whose name looks secret and is not. Exact names. */
  readonly ignoreKeys?: readonly string[]
  /** Attributes of access level restricted: left out, not masked. Exact names, or a beginning followed by `*`. */
  readonly restricted?: readonly string[]
  /** Only these attributes leave the process (and are still searched). Exact names, or a beginning followed by `*`. */
  readonly allow?: readonly string[]
  readonly detectors?: readonly Detector[]
}

/** Redaction that cannot be done as asked; the message names the option. */
export class RedactionOptionError extends Error {
  override readonly name = 'RedactionOptionError'
  readonly code = 'AGENTEL_REDACTION_OPTION'
}

/** The rules that are on. @throws {RedactionOptionError} for an unknown one */
export function activeRules(options: RedactionOptions): ReadonlySet<string> {
  for (const name of Object.keys(options.rules ?? {})) {
    if (!RULES.includes(name as Rule)) {
      throw new RedactionOptionError(`redaction: rules.${name} is not known; known are ${RULES.join(', ')}`)
    }
  }
  return new Set(RULES.filter((rule) => options.rules?.[rule] !== false))
}

/** The key of the hash, in mode `hash`. @throws {RedactionOptionError} when it is missing or too short */
export function hashKeyOf({ mode, hashKey }: RedactionOptions): string | undefined {
  if (mode !== 'hash') return undefined
  if (hashKey === undefined || hashKey.length < 16) {
    throw new RedactionOptionError('redaction: mode "hash" needs hashKey, a random text of at least 16 characters')
  }
  return hashKey
}

/** Whether a name is in a list of exact names and of beginnings followed by `*`. */
export function nameMatcher(patterns: readonly string[]): (name: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !pattern.endsWith('*')))
  const beginnings = patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1))
  return (name) => exact.has(name) || beginnings.some((beginning) => name.startsWith(beginning))
}

/** What the user's detectors find in a text. */
export function detect(text: string, detectors: readonly Detector[]): Finding[] {
  return detectors.flatMap(({ name, find }) => find(text).map(({ start, end }) => ({ start, end, rule: name })))
}
