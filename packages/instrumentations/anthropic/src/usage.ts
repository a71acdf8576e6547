import type { Attributes } from '@opentelemetry/api'
import { setNumber, setPart, setServiceTier } from '@agentel/instrumentation-kit'
import {
  ATTR_AGENTEL_USAGE_CACHE_WRITE_1H_INPUT_TOKENS,
  ATTR_AGENTEL_USAGE_WEB_SEARCHES,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
} from '@agentel/semconv'

/** Tokens of one pass of a model. */
interface Counts {
  readonly input_tokens?: unknown
  readonly output_tokens?: unknown
  readonly cache_read_input_tokens?: unknown
  readonly cache_creation_input_tokens?: unknown
  readonly cache_creation?: { readonly ephemeral_1h_input_tokens?: unknown } | null
}

/** Usage as Anthropic reports it: the cached tokens are beside the input's, not among them. */
export interface Usage extends Counts {
  readonly output_tokens_details?: { readonly thinking_tokens?: unknown } | null
  readonly service_tier?: unknown
  readonly speed?: unknown
  readonly inference_geo?: unknown
  readonly server_tool_use?: { readonly web_search_requests?: unknown } | null
  /** The passes of which the answer came. */
  readonly iterations?: readonly ({ readonly type?: unknown } & Counts)[] | null
}

/** The totals in our sense: input includes what was read from the cache and written into it. */
export function setUsage(attributes: Attributes, usage: Usage | null | undefined): void {
  if (usage === null || usage === undefined) return
  const counts = withCompactions(usage)
  const { input_tokens: input, cache_read_input_tokens: read, cache_creation_input_tokens: written } = counts
  if (typeof input === 'number') {
    attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS] = input + countOf(read) + countOf(written)
  }
  setNumber(attributes, ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, counts.output_tokens)
  setPart(attributes, ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, read)
  setPart(attributes, ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, written)
  const { cache_creation: lifetimes } = counts
  setPart(attributes, ATTR_AGENTEL_USAGE_CACHE_WRITE_1H_INPUT_TOKENS, lifetimes?.ephemeral_1h_input_tokens)
  setPart(attributes, ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, usage.output_tokens_details?.thinking_tokens)
  setServiceTier(attributes, tierOf(usage))
  setPart(attributes, ATTR_AGENTEL_USAGE_WEB_SEARCHES, usage.server_tool_use?.web_search_requests)
}

/** Where nobody asked for a place; `not_available` is of models that cannot be asked. */
const ANYWHERE: ReadonlySet<unknown> = new Set(['', 'global', 'not_available'])

/** What of the answer's circumstances changes its price, in one word: `batch`, `fast`, `us`, `batch_us`. */
function tierOf({ service_tier: tier, speed, inference_geo: place }: Usage): string {
  const parts = [
    tier === 'standard' ? undefined : tier,
    speed === 'fast' ? speed : undefined,
    ANYWHERE.has(place) ? undefined : place,
  ]
  return parts.filter((part) => typeof part === 'string' && part !== '').join('_')
}

/** What shortened a long context on the way is billed, and is not in the totals. */
function withCompactions(usage: Usage): Counts {
  const { iterations } = usage
  if (!Array.isArray(iterations)) return usage
  const compactions = iterations.filter((one) => one?.type === 'compaction')
  if (compactions.length === 0) return usage
  const sum = (count: (one: Counts) => unknown): number =>
    [usage, ...compactions].reduce((total, one) => total + countOf(count(one)), 0)
  return {
    input_tokens: sum((one) => one.input_tokens),
    output_tokens: sum((one) => one.output_tokens),
    cache_read_input_tokens: sum((one) => one.cache_read_input_tokens),
    cache_creation_input_tokens: sum((one) => one.cache_creation_input_tokens),
    cache_creation: { ephemeral_1h_input_tokens: sum((one) => one.cache_creation?.ephemeral_1h_input_tokens) },
  }
}

function countOf(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
