import type { OwnPrices } from './own-prices.ts'
import { AUDIO_INPUT_AS_TEXT, bareModel, tableProvider, tierFactor } from './providers.ts'
import { costOf, type Rates } from './rates.ts'
import { findInTable, tableVersion } from './table.ts'
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
  readonly tiers: Readonly<Record<string, number>> | undefined
}

function findOwn(
  own: OwnPrices,
  request: PriceRequest,
  provider: string | undefined,
  models: readonly string[],
): Found | undefined {
  for (const model of models) {
    const entry = own.find(request.provider, model)
    if (entry === undefined) continue
    return {
      provider: entry.provider ?? provider ?? '',
      model: entry.model,
      rates: entry.prices,
      version: own.version,
      tiers: entry.serviceTiers,
    }
  }
  return undefined
}

function find(request: PriceRequest, provider: string | undefined, models: readonly string[]): Found | undefined {
  const { ownPrices } = request
  const own = ownPrices === undefined ? undefined : findOwn(ownPrices, request, provider, models)
  if (own !== undefined) return own
  const timestamp = request.timestamp ?? Date.now()
  for (const model of models) {
    const entry = findInTable(provider, model, timestamp)
    if (entry !== undefined)
      return {
        provider: entry.provider,
        model: entry.model,
        rates: entry.rates,
        version: tableVersion(),
        tiers: undefined,
      }
  }
  return undefined
}

/** The names of models that are to be looked for, as they are in price lists. */
function modelsOf({ model }: PriceRequest): string[] {
  const models: string[] = []
  for (const name of typeof model === 'string' ? [model] : model) if (name !== '') models.push(bareModel(name))
  return models
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
  const models = modelsOf(request)
  if (models.length === 0) return { unpriced: 'the call names no model' }
  const fault = faultOf(request.usage)
  if (fault !== undefined) return { unpriced: fault }
  const provider = request.provider === undefined ? undefined : tableProvider(request.provider)
  const found = find(request, provider, models)
  if (found === undefined) {
    return {
      unpriced: `no price is known for model ${models.join(' or ')} of provider ${request.provider ?? '(not named)'}`,
    }
  }
  const factor = tierFactor(found.provider, request.serviceTier, found.tiers)
  if (factor === undefined) {
    return { unpriced: `no price is known for service tier ${request.serviceTier} of ${found.provider} ${found.model}` }
  }
  const parts = costOf(found.rates, request.usage, { factor, audioAsText: AUDIO_INPUT_AS_TEXT.has(found.provider) })
  if (typeof parts === 'string') return { unpriced: `${found.provider} ${found.model}: ${parts}` }
  let amount = 0
  for (const category in parts) amount += parts[category as CostCategory] ?? 0
  return { amount, parts, pricingVersion: found.version, provider: found.provider, model: found.model }
}
