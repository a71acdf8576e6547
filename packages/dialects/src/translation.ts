/** One span on its way from a dialect to our names. */
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
} from '@agentel/semconv'
import { toNumber, toStrings, toText } from './coerce.ts'
import type { Dialect, Reading, SpanInput } from './span-input.ts'
import { toMessages } from './to-messages.ts'
import { finishReason, providerName } from './vocabulary.ts'

/** Turns a value into ours; undefined leaves the attribute out. */
export type Coerce = (value: unknown) => unknown

/** A key of the dialect, ours, and how the value changes. */
export type Rename = readonly [theirs: string, ours: string, coerce: Coerce]

/** Token counts as a dialect gives them. */
export interface Usage {
  input?: unknown
  output?: unknown
  cacheRead?: unknown
  cacheWrite?: unknown
  reasoning?: unknown
  /** True when `input` leaves out what the cache served; unset when that cannot be known. */
  inputExcludesCached?: boolean
}

/** What readers work with. */
export interface Translation {
  readonly span: SpanInput
  /** The value of a key of the dialect, which counts as read from then on. */
  take(key: string): unknown
  /** Sets one of our attributes, unless it has no value or is set already. */
  set(key: string, value: unknown): void
  rename(table: readonly Rename[]): void
  /** All keys that begin with `prefix`, without it, each counted as read. */
  takeAll(prefix: string): Map<string, unknown>
  operation(name: string | undefined): void
  provider(name: unknown): void
  finishReasons(value: unknown): void
  usage(usage: Usage): void
  input(value: unknown): void
  output(value: unknown): void
  /** The reading. Keys of `namespaces` that nobody took are unknown; everything else is kept as it was. */
  finish(dialect: Dialect, namespaces: readonly string[]): Reading
}

/** Starts the translation of one span. */
export function startTranslation(span: SpanInput): Translation {
  const out: Record<string, unknown> = {}
  const taken = new Set<string>()
  const take = (key: string): unknown => {
    taken.add(key)
    return span.attributes[key]
  }
  const set = (key: string, value: unknown): void => {
    if (value !== undefined && value !== null && value !== '' && out[key] === undefined) out[key] = value
  }
  return {
    span,
    take,
    set,
    rename: (table) => table.forEach(([theirs, ours, coerce]) => set(ours, coerce(take(theirs)))),
    takeAll: (prefix) => {
      const found = Object.keys(span.attributes).filter((key) => key.startsWith(prefix))
      return new Map(found.map((key) => [key.slice(prefix.length), take(key)]))
    },
    operation: (name) => set(ATTR_GEN_AI_OPERATION_NAME, name),
    provider: (name) => set(ATTR_GEN_AI_PROVIDER_NAME, providerName(toText(name))),
    finishReasons: (value) => set(ATTR_GEN_AI_RESPONSE_FINISH_REASONS, toStrings(value)?.map(finishReason)),
    usage: (usage) => setUsage(usage, set),
    input: (value) => set(ATTR_GEN_AI_INPUT_MESSAGES, toMessages(value, { role: 'user' })),
    output: (value) => set(ATTR_GEN_AI_OUTPUT_MESSAGES, toMessages(value, { role: 'assistant' })),
    finish: (dialect, namespaces) => finish(dialect, namespaces, span, out, taken),
  }
}

function setUsage(usage: Usage, set: (key: string, value: unknown) => void): void {
  const input = toNumber(usage.input)
  const cacheRead = toNumber(usage.cacheRead)
  const cacheWrite = toNumber(usage.cacheWrite)
  const cached = (cacheRead ?? 0) + (cacheWrite ?? 0)
  // Parts cannot be more than the whole: then the whole leaves them out.
  const excluded = usage.inputExcludesCached ?? (input !== undefined && cached > input)
  set(ATTR_GEN_AI_USAGE_INPUT_TOKENS, input !== undefined && excluded ? input + cached : input)
  set(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, toNumber(usage.output))
  set(ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, cacheRead)
  set(ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, cacheWrite)
  set(ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, toNumber(usage.reasoning))
}

function finish(
  dialect: Dialect,
  namespaces: readonly string[],
  span: SpanInput,
  out: Record<string, unknown>,
  taken: ReadonlySet<string>,
): Reading {
  const unknown: string[] = []
  for (const [key, value] of Object.entries(span.attributes)) {
    if (taken.has(key)) continue
    if (namespaces.some((namespace) => key.startsWith(namespace))) unknown.push(key)
    else out[key] ??= value
  }
  const operation = toText(out[ATTR_GEN_AI_OPERATION_NAME])
  return { dialect, attributes: out, ...(operation === undefined ? {} : { operation }), unknown }
}
