import type { CostCategory, CostParts, Usage } from './usage.ts'

/** A price that depends on how long the whole input is: `base`, or the price of the last tier that begins below it. */
export interface TieredRate {
  readonly base: number
  readonly tiers: readonly { readonly start: number; readonly price: number }[]
}

/** US dollars for each unit named by the key: `_mtok` a million tokens, `_kcount` a thousand; the keys of genai-prices. */
export type Rates = Readonly<Record<string, number | TieredRate | undefined>>

/** The price at an input of `inputTokens`: a tier applies to the whole call as soon as the input is longer than its start. */
function at(rate: number | TieredRate | undefined, inputTokens: number): number | undefined {
  if (typeof rate !== 'object') return rate
  let price = rate.base
  for (const tier of rate.tiers) if (inputTokens > tier.start) price = tier.price
  return price
}

/** A part larger than what it is a part of: the emitter's counts break the rule that input and output are totals. */
class UsageFault extends Error {}

function rest(whole: number, parts: number, what: string): number {
  if (parts > whole) throw new UsageFault(`${what} (${parts}) exceed their total (${whole})`)
  return whole - parts
}

interface Bill {
  readonly parts: CostParts
  readonly missing: string[]
  readonly inputTokens: number
  readonly rates: Rates
  readonly factor: number
}

/** Adds `count` units to a category, at the price of the first of the keys that has one. */
function charge(
  bill: Bill,
  category: CostCategory,
  count: number,
  per: number,
  key: string,
  otherwise?: string,
  last?: string,
): void {
  const { rates, inputTokens, parts } = bill
  const rate =
    rates[key] ??
    (otherwise === undefined ? undefined : rates[otherwise]) ??
    (last === undefined ? undefined : rates[last])
  const price = at(rate, inputTokens)
  if (price === undefined) {
    bill.missing.push(key)
    return
  }
  const amount = (price * count * bill.factor) / per
  if (amount !== 0) parts[category] = (parts[category] ?? 0) + amount
}

const MTOK = 1e6

// Most calls use few of the parts, and what is not used is not even looked up.

function chargeInput(bill: Bill, usage: Usage, audioFallback: string | undefined): void {
  const cached = usage.cacheReadInputTokens ?? 0
  const written = usage.cacheWriteInputTokens ?? 0
  const audio = usage.audioInputTokens ?? 0
  const image = usage.imageInputTokens ?? 0
  const cachedAudio = usage.audioCacheReadInputTokens ?? 0
  const cachedImage = usage.imageCacheReadInputTokens ?? 0
  const plainAudio = rest(audio, cachedAudio, 'cached audio tokens')
  const plainImage = rest(image, cachedImage, 'cached image tokens')
  const plain = rest(
    bill.inputTokens,
    cached + written + plainAudio + plainImage,
    'cached, audio and image input tokens',
  )
  const cachedRest = rest(cached, cachedAudio + cachedImage, 'cached audio and image tokens')
  if (plain > 0) charge(bill, 'input', plain, MTOK, 'input_mtok')
  if (plainAudio > 0) charge(bill, 'audio', plainAudio, MTOK, 'input_audio_mtok', audioFallback)
  if (plainImage > 0) charge(bill, 'image', plainImage, MTOK, 'input_image_mtok', 'input_mtok')
  if (cachedRest > 0) charge(bill, 'cache_read', cachedRest, MTOK, 'cache_read_mtok', 'input_mtok')
  if (cachedAudio > 0)
    charge(bill, 'cache_read', cachedAudio, MTOK, 'cache_audio_read_mtok', 'cache_read_mtok', audioFallback)
  if (cachedImage > 0)
    charge(bill, 'cache_read', cachedImage, MTOK, 'cache_image_read_mtok', 'cache_read_mtok', 'input_mtok')
  chargeCacheWrites(bill, written, usage.cacheWrite1hInputTokens ?? 0)
}

function chargeCacheWrites(bill: Bill, written: number, written1h: number): void {
  const written5m = rest(written, written1h, 'tokens cached for an hour')
  if (written5m > 0) charge(bill, 'cache_write', written5m, MTOK, 'cache_write_mtok', 'input_mtok')
  if (written1h > 0)
    charge(bill, 'cache_write', written1h, MTOK, 'cache_write_1h_mtok', 'cache_write_mtok', 'input_mtok')
}

function chargeOutput(bill: Bill, usage: Usage): void {
  const reasoning = usage.reasoningOutputTokens ?? 0
  const audio = usage.audioOutputTokens ?? 0
  const image = usage.imageOutputTokens ?? 0
  const plain = rest(usage.outputTokens ?? 0, reasoning + audio + image, 'reasoning, audio and image output tokens')
  if (plain > 0) charge(bill, 'output', plain, MTOK, 'output_mtok')
  if (reasoning > 0) charge(bill, 'reasoning', reasoning, MTOK, 'output_reasoning_mtok', 'output_mtok')
  if (audio > 0) charge(bill, 'audio', audio, MTOK, 'output_audio_mtok')
  if (image > 0) charge(bill, 'image', image, MTOK, 'output_image_mtok', 'output_mtok')
}

/** Fees for searches and requests are not part of what batch or flex processing makes cheaper. */
function chargeFees(bill: Bill, usage: Usage): void {
  const fees: Bill = { ...bill, factor: 1 }
  const { webSearches = 0, fileSearches = 0 } = usage
  if (webSearches > 0) charge(fees, 'tool', webSearches, 1e3, 'web_searches_kcount')
  if (fileSearches > 0) charge(fees, 'tool', fileSearches, 1e3, 'storage_searches_kcount')
  if (bill.rates['requests_kcount'] !== undefined) charge(fees, 'tool', 1, 1e3, 'requests_kcount')
}

/**
 * The cost of `usage` at `rates`.
 * Parts that the rates have no own price for cost what plain tokens of their direction cost, as providers bill them;
 * audio is the exception (`audioAsText` says whether the provider bills audio input like text): it is many times dearer.
 * @returns the parts in US dollars, or the reason for which there is no price.
 */
export function costOf(rates: Rates, usage: Usage, factor: number, audioAsText: boolean): CostParts | string {
  const bill: Bill = { parts: {}, missing: [], inputTokens: usage.inputTokens ?? 0, rates, factor }
  try {
    chargeInput(bill, usage, audioAsText ? 'input_mtok' : undefined)
    chargeOutput(bill, usage)
  } catch (error) {
    if (error instanceof UsageFault) return error.message
    throw error
  }
  if (usage.webSearches || usage.fileSearches || rates['requests_kcount'] !== undefined) chargeFees(bill, usage)
  return bill.missing.length === 0 ? bill.parts : `the price table has no ${bill.missing.join(', ')} for this model`
}
