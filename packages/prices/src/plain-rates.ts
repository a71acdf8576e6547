import type { Rates } from './rates.ts'
import type { CostParts, Usage } from './usage.ts'

/** What a million tokens of text cost a model that asks the same whatever the length of the input. */
export interface PlainRates {
  readonly input: number
  readonly cacheRead: number
  readonly output: number
  readonly reasoning: number
}

/** The plain rates among all rates of a model; `undefined` where a price depends on more than the kind of token. */
export function plainRates(rates: Rates): PlainRates | undefined {
  const input = rates['input_mtok']
  const output = rates['output_mtok']
  const cacheRead = rates['cache_read_mtok'] ?? input
  const reasoning = rates['output_reasoning_mtok'] ?? output
  const isPlain =
    typeof input === 'number' &&
    typeof output === 'number' &&
    typeof cacheRead === 'number' &&
    typeof reasoning === 'number' &&
    rates['requests_kcount'] === undefined
  return isPlain ? { input, cacheRead, output, reasoning } : undefined
}

const MTOK = 1e6

function hasMoreThanText(usage: Usage): boolean {
  return (
    (usage.cacheWriteInputTokens ?? 0) > 0 ||
    (usage.cacheWrite1hInputTokens ?? 0) > 0 ||
    (usage.audioInputTokens ?? 0) > 0 ||
    (usage.imageInputTokens ?? 0) > 0 ||
    (usage.audioCacheReadInputTokens ?? 0) > 0 ||
    (usage.imageCacheReadInputTokens ?? 0) > 0 ||
    (usage.audioOutputTokens ?? 0) > 0 ||
    (usage.imageOutputTokens ?? 0) > 0 ||
    (usage.webSearches ?? 0) > 0 ||
    (usage.fileSearches ?? 0) > 0
  )
}

/**
 * What `costOf` gives for calls that are nothing but text, which nearly all are, at a fraction of its work.
 *
 * @returns `undefined` for every other call, and for counts that contradict each other: `costOf` says why
 */
export function plainCost(rates: PlainRates, usage: Usage, factor: number): CostParts | undefined {
  if (hasMoreThanText(usage)) return undefined
  const { inputTokens = 0, outputTokens = 0, cacheReadInputTokens = 0, reasoningOutputTokens = 0 } = usage
  if (cacheReadInputTokens > inputTokens || reasoningOutputTokens > outputTokens) return undefined
  const parts: CostParts = {}
  const input = (rates.input * (inputTokens - cacheReadInputTokens) * factor) / MTOK
  const cacheRead = (rates.cacheRead * cacheReadInputTokens * factor) / MTOK
  const output = (rates.output * (outputTokens - reasoningOutputTokens) * factor) / MTOK
  const reasoning = (rates.reasoning * reasoningOutputTokens * factor) / MTOK
  if (input !== 0) parts.input = input
  if (cacheRead !== 0) parts.cache_read = cacheRead
  if (output !== 0) parts.output = output
  if (reasoning !== 0) parts.reasoning = reasoning
  return parts
}
