/**
 * The price table for the collector, from the table that prices in the process. A call is priced here when it has tokens and a
 * model that the table knows; what the process knows more of (service tiers, audio) is left unpriced.
 */
import { createRequire } from 'node:module'
import { stringify } from 'yaml'
import { GEN_AI_PROVIDER_NAME_VALUES } from './provider-names.ts'

/** Prices may begin on a date: those of this day are taken. */
const AS_OF = new Date('2026-11-26T00:00:00Z')
const PROVIDERS = ['azure', 'aws', 'google', 'openai', 'anthropic', 'mistral', 'groq', 'deepseek', 'x-ai', 'cohere']

type Match = { [kind in 'equals' | 'starts_with' | 'ends_with' | 'contains' | 'regex']?: string } & {
  or?: Match[]
  and?: Match[]
}
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

/** A statement for each length of input that has prices of its own, the longest first. */
function statements(model: Model): string[] {
  const prices = pricesOf(model)
  const { input_mtok: input, output_mtok: output = 0 } = prices ?? {}
  if (prices === undefined || input === undefined) return []
  const { cache_read_mtok: read = input, cache_write_mtok: write = input } = prices
  const starts = [input, output, read, write].flatMap((rate) =>
    typeof rate === 'number' ? [] : rate.tiers.map(({ start }) => start),
  )
  return [...new Set([...starts, 0])]
    .toSorted((a, b) => b - a)
    .map((start) => {
      const [i, o, r, w] = [input, output, read, write].map((rate) => at(rate, start + 1).toFixed(6))
      const long = start === 0 ? '' : ` and span.attributes["gen_ai.usage.input_tokens"] > ${start}`
      return `set(span.cache["rates"], {"i": ${i}, "o": ${o}, "r": ${r}, "w": ${w}}) where span.cache["rates"] == nil and ${condition(model.match)}${long}`
    })
}

/** Leaves only: agents and workflows carry the sums of the calls below them. */
const LEAVES = ['chat', 'generate_content', 'text_completion', 'embeddings']
  .map((operation) => `span.attributes["gen_ai.operation.name"] == "${operation}"`)
  .join(' or ')
const WITHOUT_COST = `span.attributes["gen_ai.usage.input_tokens"] != nil and span.attributes["agentel.cost.amount"] == nil and span.attributes["agentel.cost.unpriced"] == nil and (${LEAVES})`

const tokens = (name: string): string => `Double(span.attributes["gen_ai.usage.${name}"])`
const rate = (key: string): string => `span.cache["rates"]["${key}"]`
const known = (key: string): string => `where span.attributes["${key}"] != nil`

const begin = [
  `set(${MODEL}, ToLowerCase(span.attributes["gen_ai.request.model"])) ${known('gen_ai.request.model')}`,
  `set(${MODEL}, ToLowerCase(span.attributes["gen_ai.response.model"])) ${known('gen_ai.response.model')}`,
  String.raw`replace_pattern(${MODEL}, "^(arn:|models/|publishers/|projects/).*/", "") where IsMatch(${MODEL}, "/")`,
  // What is billed apart from the list has no price here.
  `delete_key(span.cache, "model") where span.attributes["openai.response.service_tier"] != nil and span.attributes["openai.response.service_tier"] != "default" and span.attributes["openai.response.service_tier"] != "auto"`,
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

/** One group a provider; those who resell another's models come first, and then look in his. */
function groups(find: (id: string) => Provider | undefined): object[] {
  return PROVIDERS.map((id) => {
    const resellers = PROVIDERS.filter((other) => find(other)?.fallback_model_providers?.includes(id))
    const names = [id, ...resellers].flatMap((one) => GEN_AI_PROVIDER_NAME_VALUES[one] ?? [one])
    const named = names.map((name) => `span.attributes["gen_ai.provider.name"] == ${quoted(name)}`).join(' or ')
    const models = find(id)?.models.flatMap(statements) ?? []
    return { conditions: [`${WITHOUT_COST} and (${named})`], statements: [...begin, ...models, ...end] }
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
