import { createFinder, mergeFindings, SHORTEST } from './find-secrets.ts'
import { activeRules, detect, hashKeyOf, nameMatcher, type RedactionOptions } from './options.ts'
import { createReplacement, replaceFindings } from './replacement.ts'
import { createKeyClassifier, type KeyKind } from './sensitive-keys.ts'

/** What was redacted in one span or record. */
export interface Tally {
  count: number
  readonly rules: Set<string>
}

/** The value in the place of which nothing is left. */
export const DROPPED: unique symbol = Symbol('agentel.dropped')

/** Redacts texts and values. */
export interface Redactor {
  text(text: string, tally: Tally): string
  /** A value without its secrets: the same one when it has none, else a copy; the given one is never changed. */
  value(value: unknown, tally: Tally): unknown
  /** The value of a named attribute, or {@link DROPPED}. */
  attribute(name: string, value: unknown, tally: Tally): unknown
}

/** Deeper than this nothing is looked at, and so nothing is let through. */
const MAX_DEPTH = 32
/** Attributes that say where a service is: an IP address there is nobody's personal data. */
const WHERE = /^(?:server|destination|host|network\.local|k8s|container)\./

/** What {@link Replacement} writes. */
const REPLACED = /^\[REDACTED:[\w-]+(?::[0-9a-f]{16})?\]$/

/** Texts of at most this length are remembered when nothing was found in them: attributes repeat. */
const SHORT = 64
const MAX_REMEMBERED = 4096

/** A map that forgets everything when it is full. */
function remember<T>(map: Map<string, T>, key: string, value: T): T {
  if (map.size >= MAX_REMEMBERED) map.clear()
  map.set(key, value)
  return value
}

interface Parts {
  readonly textOf: (text: string, tally: Tally) => string
  readonly kindOf: (name: string) => KeyKind
  readonly mask: (value: unknown, tally: Tally) => string
}

/** What is done with an attribute, by its name. */
interface Plan {
  readonly dropped: boolean
  readonly kind: KeyKind
  readonly parts: Parts
  /** Its last text, if nothing was found in it: model, provider, user are the same from one call to the next. */
  clean: unknown
}

function redactField(parts: Parts, kind: KeyKind, value: unknown, tally: Tally, depth: number): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value
  if (kind === 'secret' || (kind === 'token' && typeof value === 'string'))
    return value === '' ? value : parts.mask(value, tally)
  return redactValue(parts, value, tally, depth)
}

function redactList(parts: Parts, list: readonly unknown[], tally: Tally, depth: number): readonly unknown[] {
  let copy: unknown[] | undefined
  for (let index = 0; index < list.length; index++) {
    const redacted = redactValue(parts, list[index], tally, depth + 1)
    if (redacted === list[index]) continue
    copy ??= [...list]
    copy[index] = redacted
  }
  return copy ?? list
}

function redactObject(parts: Parts, object: object, tally: Tally, depth: number): object {
  let copy: Record<string, unknown> | undefined
  for (const [name, value] of Object.entries(object)) {
    const redacted = redactField(parts, parts.kindOf(name), value, tally, depth + 1)
    if (redacted === value) continue
    copy ??= { ...object }
    copy[name] = redacted
  }
  return copy ?? object
}

function redactValue(parts: Parts, value: unknown, tally: Tally, depth: number): unknown {
  if (typeof value === 'string') return parts.textOf(value, tally)
  if (typeof value === 'number' || typeof value === 'bigint') {
    // Only a long integer can be a card's or an account's number: counts and times are short or not whole.
    if (typeof value === 'number' && (value < 1e8 || !Number.isInteger(value))) return value
    const text = String(value)
    const redacted = parts.textOf(text, tally)
    return redacted === text ? value : redacted
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (depth >= MAX_DEPTH) return parts.mask('', tally)
  return Array.isArray(value) ? redactList(parts, value, tally, depth) : redactObject(parts, value, tally, depth)
}

/**
 * Makes a redactor.
 * @throws {RedactionOptionError} when an option is wrong
 */
export function createRedactor(options: RedactionOptions = {}): Redactor {
  const rules = activeRules(options)
  const classify = createKeyClassifier(options.keys, options.ignoreKeys)
  const find = createFinder(rules, classify)
  const findOutsideOfWhere = createFinder(new Set([...rules].filter((rule) => rule !== 'ip')), classify)
  const replacement = createReplacement(hashKeyOf(options))
  const detectors = options.detectors ?? []
  const isRestricted = nameMatcher(options.restricted ?? [])
  const isAllowed = options.allow === undefined ? () => true : nameMatcher(options.allow)
  const textWith = (finder: typeof find) => {
    const clean = new Map<string, true>()
    return (text: string, tally: Tally) => {
      if (text.length < SHORTEST && detectors.length === 0) return text
      if (text.length <= SHORT && clean.has(text)) return text
      const ours = finder(text)
      const findings = detectors.length === 0 ? ours : mergeFindings([...(ours ?? []), ...detect(text, detectors)])
      if (findings === undefined || findings.length === 0) {
        if (text.length <= SHORT) remember(clean, text, true)
        return text
      }
      tally.count += findings.length
      for (const { rule } of findings) tally.rules.add(rule)
      return replaceFindings(text, findings, replacement)
    }
  }
  const parts: Parts = {
    textOf: textWith(find),
    kindOf: rules.has('key') ? classify : () => 'plain',
    mask(value, tally) {
      // Done already, by a processor before an exporter's wrapper: a second time it would count as another one.
      if (typeof value === 'string' && REPLACED.test(value)) return value
      tally.count += 1
      tally.rules.add('key')
      return replacement(typeof value === 'string' ? value : JSON.stringify(value), 'key')
    },
  }
  const whereParts: Parts = { ...parts, textOf: textWith(findOutsideOfWhere) }
  const plans = new Map<string, Plan>()
  const planOf = (name: string): Plan =>
    remember(plans, name, {
      dropped: !isAllowed(name) || isRestricted(name),
      kind: parts.kindOf(name),
      parts: WHERE.test(name) ? whereParts : parts,
      clean: undefined,
    })
  return {
    text: parts.textOf,
    value: (value, tally) => redactValue(parts, value, tally, 0),
    attribute(name, value, tally) {
      const plan = plans.get(name) ?? planOf(name)
      if (plan.dropped) return DROPPED
      if (value === plan.clean) return value
      const redacted = redactField(plan.parts, plan.kind, value, tally, 0)
      if (redacted !== value) return options.mode === 'drop' ? DROPPED : redacted
      if (typeof value === 'string' && value.length <= SHORT) plan.clean = value
      return redacted
    },
  }
}
