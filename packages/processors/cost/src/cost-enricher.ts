import type { Attributes } from '@opentelemetry/api'
import {
  type OwnPrices,
  type OwnPricesInput,
  type Priced,
  parseOwnPrices,
  loadPriceTable,
  priceUsage,
  readPriceFile,
  type Usage,
} from '@agentel/prices'
import { guard } from '@agentel/api'
import { type EndingSpan, type Enricher, millisecondsOf, setCostParts } from '@agentel/processor-kit'
import {
  AGENTEL_COST_SOURCE_VALUE_LOCAL,
  ATTR_AGENTEL_COST_AMOUNT,
  ATTR_AGENTEL_COST_PRICING_VERSION,
  ATTR_AGENTEL_COST_SOURCE,
  ATTR_AGENTEL_COST_UNPRICED,
  ATTR_AGENTEL_USAGE_SERVICE_TIER,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
} from '@agentel/semconv'
import { isModelCall } from '@agentel/semconv/operations'
import { refreshRegularly } from './price-refresh.ts'
import { usageOf } from './usage-of.ts'

/** What the cost enricher takes. */
export interface CostEnricherOptions {
  /** Own prices, which win over the table: checked ones, an object, or the path of a JSON or YAML file. */
  readonly prices?: OwnPrices | OwnPricesInput | string
  /** Path or URL of a newer price table, in the format of genai-prices' data file. Without it none is ever looked for. */
  readonly refresh?: string
  /** Hours between two looks at it, the first one after so many; default 24. */
  readonly refreshHours?: number
}

function ownPricesOf(prices: CostEnricherOptions['prices']): OwnPrices | undefined {
  if (prices === undefined) return undefined
  if (typeof prices === 'string') return readPriceFile(prices)
  return 'find' in prices ? prices : parseOwnPrices(prices)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The name that Anthropic's own client writes. */
const ANTHROPIC_SERVICE_TIER = 'anthropic.response.service_tier'

function serviceTier(attributes: Readonly<Attributes>): string | undefined {
  return text(
    attributes[ATTR_OPENAI_RESPONSE_SERVICE_TIER] ??
      attributes[ATTR_AGENTEL_USAGE_SERVICE_TIER] ??
      attributes[ANTHROPIC_SERVICE_TIER],
  )
}

function price(span: EndingSpan, usage: Usage, ownPrices: OwnPrices | undefined): Priced | undefined {
  const { attributes } = span
  const asked = text(attributes[ATTR_GEN_AI_REQUEST_MODEL]) ?? ''
  const answered = text(attributes[ATTR_GEN_AI_RESPONSE_MODEL])
  const result = priceUsage({
    provider: text(attributes[ATTR_GEN_AI_PROVIDER_NAME]),
    model: answered === undefined || answered === asked ? asked : [answered, asked],
    usage,
    serviceTier: serviceTier(attributes),
    timestamp: millisecondsOf(span.startTime),
    ownPrices,
  })
  return 'unpriced' in result ? undefined : result
}

/** Whether there is something to say about the cost of a span: a call of a model that nobody has priced yet. */
function isToBePriced(attributes: Readonly<Attributes>): boolean {
  return (
    isModelCall(attributes[ATTR_GEN_AI_OPERATION_NAME]) &&
    attributes[ATTR_AGENTEL_COST_AMOUNT] === undefined &&
    attributes[ATTR_AGENTEL_COST_UNPRICED] === undefined
  )
}

/**
 * Sets the cost of every model call on its span: amount, source and version of the price table, or `unpriced` when
 * the call succeeded and no price is known. Spans that only sum up their children (agents, workflows) get nothing.
 *
 * @throws {PriceFileError} when own prices are wrong; a wrong configuration stops the start
 * @example
 * enricherProcessor([costEnricher({ prices: 'prices.yaml' }), metrics])
 */
export function costEnricher(options: CostEnricherOptions = {}): Enricher {
  const ownPrices = ownPricesOf(options.prices)
  const stop = options.refresh === undefined ? undefined : refreshRegularly(options.refresh, options.refreshHours ?? 24)
  let warm = false
  return {
    name: 'cost',
    shutdown: async () => stop?.(),
    onStart(span) {
      // The table takes 30 ms to load: better while the first call waits for its answer than when the answer is there.
      if (warm || !isModelCall(span.attributes?.[ATTR_GEN_AI_OPERATION_NAME])) return
      warm = true
      setImmediate(() => guard('cost.load', loadPriceTable)).unref()
    },
    onEnding(span) {
      const { attributes } = span
      if (!isToBePriced(attributes)) return
      const usage = usageOf(attributes)
      if (usage === undefined && attributes[ATTR_ERROR_TYPE] !== undefined) return
      const priced = usage === undefined ? undefined : price(span, usage, ownPrices)
      if (priced === undefined) {
        span.setAttribute(ATTR_AGENTEL_COST_UNPRICED, true)
        return
      }
      span.setAttribute(ATTR_AGENTEL_COST_AMOUNT, priced.amount)
      span.setAttribute(ATTR_AGENTEL_COST_SOURCE, AGENTEL_COST_SOURCE_VALUE_LOCAL)
      span.setAttribute(ATTR_AGENTEL_COST_PRICING_VERSION, priced.pricingVersion)
      setCostParts(span, priced.parts)
    },
  }
}
