import type { Attributes } from '@opentelemetry/api'
import {
  AGENTEL_COST_SOURCE_VALUE_PROVIDER,
  ATTR_AGENTEL_COST_AMOUNT,
  ATTR_AGENTEL_COST_SOURCE,
  GEN_AI_PROVIDER_NAME_VALUE_X_AI,
} from '@agentel/semconv'

/** What hosts that bill by the answer tell of its price, beside the tokens. */
export interface ToldCost {
  /** xAI: what was charged, in ten thousand millionths of a dollar. */
  readonly cost_in_usd_ticks?: unknown
  /** OpenRouter: what was charged to the account, in credits of a dollar each. */
  readonly cost?: unknown
  /** OpenRouter: whether the provider behind it bills the user himself, by a key of his own. */
  readonly is_byok?: unknown
  readonly cost_details?: { readonly upstream_inference_cost?: unknown } | null
}

const TICKS_PER_DOLLAR = 1e10

/** Sets the cost as its provider told it, which is what will be billed. Only of hosts whose words for it are known. */
export function setToldCost(attributes: Attributes, provider: string, usage: ToldCost): void {
  const amount = toldAmount(provider, usage)
  if (amount === undefined) return
  attributes[ATTR_AGENTEL_COST_AMOUNT] = amount
  attributes[ATTR_AGENTEL_COST_SOURCE] = AGENTEL_COST_SOURCE_VALUE_PROVIDER
}

function toldAmount(provider: string, usage: ToldCost): number | undefined {
  if (provider === GEN_AI_PROVIDER_NAME_VALUE_X_AI) {
    const ticks = amountOf(usage.cost_in_usd_ticks)
    return ticks === undefined ? undefined : ticks / TICKS_PER_DOLLAR
  }
  if (provider !== 'openrouter') return undefined
  const charged = amountOf(usage.cost)
  if (charged === undefined || usage.is_byok === false) return charged
  // With a key of the user's own, the account is charged a fee only.
  return charged + (amountOf(usage.cost_details?.upstream_inference_cost) ?? 0)
}

function amountOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}
