import type { OwnPrices } from './own-prices.ts'
import { AUDIO_INPUT_AS_TEXT, bareModel, tableProvider, tierFactor } from './providers.ts'
import { plainCost, type PlainRates, plainRates } from './plain-rates.ts'
import { costOf, type Rates } from './rates.ts'
import { findInTable, minuteOf, tableVersion } from './table.ts'
import type { CostCategory, CostParts, Usage } from './usage.ts'

/** One model call to be priced. */
export interface PriceRequest {
  /** As in `gen_ai.provider.name`; absent: guessed from the model's name. */
  readonly provider?: string | undefined
  /** Models in order of preference, normally the response's and then the request's; the first with a price is taken. */
  readonly model: string | readonly string[]
  readonly usage: Usage
  /** As the provider names it (`batch`, `flex`, `priority`, `default`); absent: the standard one. */
  readonly serviceTier?: string | undefined
  /** When the call was made, milliseconds since 1970; default now. */
  readonly timestamp?: number | undefined
  /** Prices that win over the table's. */
  readonly ownPrices?: OwnPrices | undefined
}

/** The cost of a call. */
export interface Priced {
  /** US dollars: the sum of `parts`. */
  readonly amount: number
  readonly parts: CostParts
  /** Which table the prices came from. */
  readonly pricingVersion: string
  /** The provider and the model under which the price was found. */
  readonly provider: string
  readonly model: string
}

/** A call that has no price; never to be taken for one that was free. */
export interface Unpriced {
  /** Why, in words for a person. */
  readonly unpriced: string
}

interface Found {
  readonly provider: string
  readonly model: string
  readonly rates: Rates
  readonly version: string
  /** The minute of time for which it holds; NaN: always. */
  readonly minute: number
  readonly tiers?: Readonly<Record<string, number>> | undefined
}

function find(request: PriceRequest, provider: string | undefined, models: readonly string[]): Found | undefined {
  const own = request.ownPrices
  for (const model of models) {
    const entry = own?.find(request.provider, model)
    if (own !== undefined && entry !== undefined) {
      return {
        provider: entry.provider ?? provider ?? '',
        model: entry.model,
        rates: entry.prices,
        version: own.version,
        minute: NaN,
        tiers: entry.serviceTiers,
      }
    }
  }
  const timestamp = request.timestamp ?? Date.now()
  for (const model of models) {
    const { entry, minute } = findInTable(provider, model, timestamp)
    if (entry !== undefined) return { ...entry, version: tableVersion(), minute }
  }
  return undefined
}

/** By what a call is priced: the same for all calls of a model by one provider, in one service tier. */
interface Terms {
  readonly request: PriceRequest
  readonly table: string
  readonly found: Found
  readonly plain: PlainRates | undefined
  readonly factor: number
  readonly audioAsText: boolean
}

/** As many models as are called at a time; looking one up is many times the work of pricing. */
const MAX_TERMS = 100
const remembered = new Map<string, Terms>()

function firstModel({ model }: PriceRequest): string {
  return typeof model === 'string' ? model : (model[0] ?? '')
}

function recall(request: PriceRequest): Terms | undefined {
  const terms = remembered.get(firstModel(request))
  if (terms === undefined) return undefined
  const { provider, serviceTier, ownPrices, model } = terms.request
  if (provider !== request.provider || serviceTier !== request.serviceTier || ownPrices !== request.ownPrices)
    return undefined
  if (terms.table !== tableVersion() || !sameModels(model, request.model)) return undefined
  const { minute } = terms.found
  return Number.isNaN(minute) || minute === minuteOf(request.timestamp ?? Date.now()) ? terms : undefined
}

function sameModels(a: string | readonly string[], b: string | readonly string[]): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}

/** The terms of a call, or the reason for which there are none. */
function termsOf(request: PriceRequest): Terms | string {
  const known = recall(request)
  if (known !== undefined) return known
  const models = (typeof request.model === 'string' ? [request.model] : request.model)
    .filter((model) => model !== '')
    .map(bareModel)
  if (models.length === 0) return 'the call names no model'
  const provider = request.provider === undefined ? undefined : tableProvider(request.provider)
  const found = find(request, provider, models)
  if (found === undefined)
    return `no price is known for model ${models.join(' or ')} of provider ${request.provider ?? '(not named)'}`
  const factor = tierFactor(found.provider, request.serviceTier, found.tiers)
  if (factor === undefined)
    return `no price is known for service tier ${request.serviceTier} of ${found.provider} ${found.model}`
  const audioAsText = AUDIO_INPUT_AS_TEXT.has(found.provider)
  const plain = plainRates(found.rates)
  const terms = { request: keyOf(request), table: tableVersion(), found, plain, factor, audioAsText }
  if (remembered.size >= MAX_TERMS) remembered.clear()
  remembered.set(firstModel(request), terms)
  return terms
}

/** What terms are remembered by; the list is the caller's, and so is the usage. */
function keyOf({ provider, model, serviceTier, ownPrices }: PriceRequest): PriceRequest {
  return { provider, model: typeof model === 'string' ? model : [...model], serviceTier, ownPrices, usage: {} }
}

function faultOf(usage: Usage): string | undefined {
  let any = false
  for (const name in usage) {
    const value = usage[name as keyof Usage]
    if (value === undefined) continue
    if (!Number.isFinite(value) || value < 0) return `${name} is ${value}, not a count`
    any = true
  }
  return any ? undefined : 'the call reported no usage'
}

/**
 * What a model call cost, as its provider bills it, in US dollars.
 * Never guesses: an unknown provider, model or service tier, a missing rate and contradictory counts give a reason
 * instead of an amount.
 *
 * @example
 * priceUsage({ provider: 'openai', model: 'gpt-4o', usage: { inputTokens: 1000, outputTokens: 100 } })
 * // { amount: 0.0035, parts: { input: 0.0025, output: 0.001 }, pricingVersion: 'genai-prices …', … }
 */
export function priceUsage(request: PriceRequest): Priced | Unpriced {
  const { usage } = request
  const fault = faultOf(usage)
  if (fault !== undefined) return { unpriced: fault }
  const terms = termsOf(request)
  if (typeof terms === 'string') return { unpriced: terms }
  const { found, plain, factor, audioAsText } = terms
  const parts =
    (plain === undefined ? undefined : plainCost(plain, usage, factor)) ??
    costOf(found.rates, usage, factor, audioAsText)
  if (typeof parts === 'string') return { unpriced: `${found.provider} ${found.model}: ${parts}` }
  let amount = 0
  for (const category in parts) amount += parts[category as CostCategory] ?? 0
  return { amount, parts, pricingVersion: found.version, provider: found.provider, model: found.model }
}
