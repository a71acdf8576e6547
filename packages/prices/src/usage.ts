/**
 * What one model call consumed, in tokens unless said. `inputTokens` and `outputTokens` are totals:
 * every other token count is a part of one of them. Counts may overlap in kind (cached audio) only as named.
 */
export interface Usage {
  /** All input: plain, cached, written to the cache, of every modality. */
  readonly inputTokens?: number | undefined
  /** All output: text, reasoning, audio, image. */
  readonly outputTokens?: number | undefined
  readonly cacheReadInputTokens?: number | undefined
  /** All that was written to the cache, whatever its lifetime. */
  readonly cacheWriteInputTokens?: number | undefined
  /** The part of `cacheWriteInputTokens` written for one hour (Anthropic bills it higher). */
  readonly cacheWrite1hInputTokens?: number | undefined
  readonly audioInputTokens?: number | undefined
  readonly imageInputTokens?: number | undefined
  /** The part of `audioInputTokens` that came from the cache. */
  readonly audioCacheReadInputTokens?: number | undefined
  /** The part of `imageInputTokens` that came from the cache. */
  readonly imageCacheReadInputTokens?: number | undefined
  readonly reasoningOutputTokens?: number | undefined
  readonly audioOutputTokens?: number | undefined
  readonly imageOutputTokens?: number | undefined
  /** Searches that the provider ran on the web for this call. */
  readonly webSearches?: number | undefined
  /** Searches that the provider ran in its own file store for this call. */
  readonly fileSearches?: number | undefined
}

/** Where money went; the values of the attribute `agentel.cost.category`. */
export type CostCategory = 'input' | 'output' | 'cache_read' | 'cache_write' | 'reasoning' | 'audio' | 'image' | 'tool'

/** US dollars by category; a category that cost nothing is absent. The values add up to the amount. */
export type CostParts = Partial<Record<CostCategory, number>>
