/**
 * The price table for the collector, from the table that prices in the process. A call is priced here when it has tokens and a
 * model that the table knows; what the process knows more of (service tiers, audio) is left unpriced.
 */
import { createRequire } from 'node:module'
import { stringify } from 'yaml'
import { lookUp, rowsOf } from './exact-prices.ts'
import { type Match, withoutNames } from './price-matches.ts'
import { GEN_AI_PROVIDER_NAME_VALUES } from './provider-names.ts'

/** Prices may begin on a date: those of this day are taken. */
const AS_OF = new Date('2026-11-26T00:00:00Z')
/**
 * Those of a line share a group of statements: each group costs every span a look, each statement every call that is priced in
 * its group. Those who resell another's models come before him, so that theirs are looked for first.
 */
const PROVIDERS = [
  ['aws'],
  ['google'],
  ['azure', 'openai'],
  ['anthropic', 'mistral', 'groq', 'deepseek', 'x-ai', 'cohere'],
]

type Rate = number | { base: number; tiers: { start: number; price: number }[] }
type Prices = Record<string, Rate | undefined>
interface Model {
  readonly id: string
  readonly match: Match
  readonly prices: Prices | { constraint?: { start_date?: string; start_time?: string }; prices: Prices }[]
}
interface Provider {
  readonly models: readonly Model[]
  readonly fallback_model_providers?: readonly string[]
}

const MODEL = 'span.cache["model"]'
const quoted = (text: string): string => JSON.stringify(text)

/** The collector's regular expressions look neither ahead nor behind. */
function regexCondition(regex: string): string {
  const not = /^\^\(\?!(.*)\)$/.exec(regex)?.[1]
  if (not !== undefined) return `not IsMatch(${MODEL}, ${quoted(`^(?:${not})`)})`
  if (/\(\?[!=<]/.test(regex)) throw new Error(`the collector cannot have the expression ${regex} of the price table`)
  return `IsMatch(${MODEL}, ${quoted(regex)})`
}

function condition(match: Match): string {
  if (match.or !== undefined) return `(${match.or.map(condition).join(' or ')})`
  if (match.and !== undefined) return `(${match.and.map(condition).join(' and ')})`
  if (match.equals !== undefined) return `${MODEL} == ${quoted(match.equals)}`
  if (match.starts_with !== undefined) return `HasPrefix(${MODEL}, ${quoted(match.starts_with)})`
  if (match.ends_with !== undefined) return `HasSuffix(${MODEL}, ${quoted(match.ends_with)})`
  if (match.regex !== undefined) return regexCondition(match.regex)
  return `IsMatch(${MODEL}, ${quoted((match.contains ?? '').replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`))})`
}

/** Those in force; nothing when they change with the time of day. */
function pricesOf({ prices }: Model): Prices | undefined {
  if (!Array.isArray(prices)) return prices
  if (prices.some(({ constraint }) => constraint?.start_time !== undefined)) return undefined
  const begun = prices.filter(
    ({ constraint }) => constraint?.start_date === undefined || new Date(constraint.start_date) <= AS_OF,
  )
  return begun.at(-1)?.prices
}

const at = (rate: Rate, tokens: number): number =>
  typeof rate === 'number' ? rate : (rate.tiers.findLast(({ start }) => tokens > start)?.price ?? rate.base)

/** What a model costs at one length of input, and longer: input, output, read from a cache, written to it. */
interface Tier {
  readonly start: number
  readonly rates: readonly number[]
}

/** The longest first; none without a price of the input. */
function tiersOf(model: Model): Tier[] {
  const prices = pricesOf(model)
  const { input_mtok: input, output_mtok: output = 0 } = prices ?? {}
  if (prices === undefined || input === undefined) return []
  const { cache_read_mtok: read = input, cache_write_mtok: write = input } = prices
  const all = [input, output, read, write]
  const starts = all.flatMap((rate) => (typeof rate === 'number' ? [] : rate.tiers.map(({ start }) => start)))
  return [...new Set([...starts, 0])]
    .toSorted((a, b) => b - a)
    .map((start) => ({ start, rates: all.map((rate) => at(rate, start + 1)) }))
}

/** A statement for each length of input that has prices of its own. */
function statements(match: Match, tiers: readonly Tier[], guard: string): string[] {
  return tiers.map(({ start, rates }) => {
    const [i, o, r, w] = rates.map((rate) => rate.toFixed(6))
    const long = start === 0 ? '' : ` and span.attributes["gen_ai.usage.input_tokens"] > ${start}`
    return `set(span.cache["rates"], {"i": ${i}, "o": ${o}, "r": ${r}, "w": ${w}}) where span.cache["rates"] == nil and ${condition(match)}${long}${guard}`
  })
}

/** Of one provider: first by exact names, then what is left. */
function providerStatements(models: readonly Model[], guard: string): string[] {
  const priced = models
    .map((model) => ({ match: model.match, tiers: tiersOf(model) }))
    .filter(({ tiers }) => tiers.length > 0)
  const rows = rowsOf(
    priced.map(({ match, tiers }) => ({ match, rates: tiers.length === 1 ? tiers[0]?.rates : undefined })),
  )
  const rest = priced.flatMap(({ match, tiers }) => {
    const left = withoutNames(match, (name) => rows.has(name))
    return left === undefined ? [] : statements(left, tiers, guard)
  })
  return [...lookUp(rows, guard), ...rest]
}

/** Leaves only: agents and workflows carry the sums of the calls below them. */
const LEAVES = ['chat', 'generate_content', 'text_completion', 'embeddings']
  .map((operation) => `span.attributes["gen_ai.operation.name"] == "${operation}"`)
  .join(' or ')
const WITHOUT_COST = `span.attributes["gen_ai.usage.input_tokens"] != nil and span.attributes["agentel.cost.amount"] == nil and span.attributes["agentel.cost.unpriced"] == nil and (${LEAVES})`

const tokens = (name: string): string => `Double(span.attributes["gen_ai.usage.${name}"])`
const rate = (key: string): string => `span.cache["rates"]["${key}"]`
const known = (key: string): string => `where span.attributes["${key}"] != nil`

/** Where spans tell of a service tier, and which are the list's own: as in the process. The last that is there counts. */
const TIERS = ['anthropic.response.service_tier', 'agentel.usage.service_tier', 'openai.response.service_tier']
const STANDARD_TIERS = ['default', 'auto', 'standard', 'on_demand', '']

const begin = [
  `set(${MODEL}, ToLowerCase(span.attributes["gen_ai.request.model"])) ${known('gen_ai.request.model')}`,
  `set(${MODEL}, ToLowerCase(span.attributes["gen_ai.response.model"])) ${known('gen_ai.response.model')}`,
  String.raw`replace_pattern(${MODEL}, "^(arn:|models/|publishers/|projects/).*/", "") where IsMatch(${MODEL}, "/")`,
  ...TIERS.map((key) => `set(span.cache["tier"], span.attributes["${key}"]) ${known(key)}`),
  // What is billed apart from the list has no price here.
  `delete_key(span.cache, "model") where span.cache["tier"] != nil and ${STANDARD_TIERS.map((tier) => `span.cache["tier"] != "${tier}"`).join(' and ')}`,
  `set(span.cache["sought"], Concat(["|", ${MODEL}, "="], "")) where ${MODEL} != nil`,
]

const priced = 'where span.cache["rates"] != nil'
const end = [
  'set(span.cache["read"], 0.0)',
  `set(span.cache["read"], ${tokens('cache_read.input_tokens')}) ${known('gen_ai.usage.cache_read.input_tokens')}`,
  'set(span.cache["write"], 0.0)',
  `set(span.cache["write"], ${tokens('cache_write.input_tokens')}) ${known('gen_ai.usage.cache_write.input_tokens')}`,
  'set(span.cache["out"], 0.0)',
  `set(span.cache["out"], ${tokens('output_tokens')}) ${known('gen_ai.usage.output_tokens')}`,
  `set(span.attributes["agentel.cost.amount"], ((${tokens('input_tokens')} - span.cache["read"] - span.cache["write"]) * ${rate('i')} + span.cache["read"] * ${rate('r')} + span.cache["write"] * ${rate('w')} + span.cache["out"] * ${rate('o')}) / 1000000.0) ${priced}`,
  `set(span.attributes["agentel.cost.source"], "collector") ${priced}`,
]

/** Names under which calls come that may be of a provider's models. */
function namesOf(id: string, find: (id: string) => Provider | undefined): string[] {
  const resellers = PROVIDERS.flat().filter((other) => find(other)?.fallback_model_providers?.includes(id))
  return [id, ...resellers].flatMap((one) => GEN_AI_PROVIDER_NAME_VALUES[one] ?? [one])
}

const named = (names: readonly string[]): string =>
  `(${names.map((name) => `span.attributes["gen_ai.provider.name"] == ${quoted(name)}`).join(' or ')})`

function groups(find: (id: string) => Provider | undefined): object[] {
  return PROVIDERS.map((ids) => {
    const all = [...new Set(ids.flatMap((id) => namesOf(id, find)))]
    const models = ids.flatMap((id) => {
      const names = namesOf(id, find)
      const guard = names.length === all.length ? '' : ` and ${named(names)}`
      return providerStatements(find(id)?.models ?? [], guard)
    })
    return { conditions: [`${WITHOUT_COST} and ${named(all)}`], statements: [...begin, ...models, ...end] }
  })
}

/** Never to be taken for free. */
const rest = {
  conditions: [WITHOUT_COST],
  statements: [
    'set(span.attributes["agentel.cost.unpriced"], true)',
    'set(span.attributes["agentel.cost.source"], "collector")',
  ],
}

/** Text by path from the root of the repository. */
export function priceFiles(): Record<string, string> {
  const library = createRequire(new URL('../../packages/prices/package.json', import.meta.url))(
    '@pydantic/genai-prices',
  ) as {
    findProvider: (options: { providerId: string }) => Provider | undefined
  }
  const find = (providerId: string): Provider | undefined => library.findProvider({ providerId })
  const processor = { error_mode: 'ignore', trace_statements: [...groups(find), rest] }
  const head =
    '# Prices, US dollars for a million tokens, for calls that come without a cost: a second file beside\n# otel-collector-config.yaml (`--config` twice). Made by `pnpm generate`: do not edit.\n'
  return {
    'deploy/otelcol/prices.yaml': head + stringify({ processors: { 'transform/prices': processor } }, { lineWidth: 0 }),
  }
}
