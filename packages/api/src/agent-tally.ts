import { type Attributes, type Context, type Span, createContextKey } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from '@agentel/semconv'
import { isInference } from '@agentel/semconv/operations'
import { catchUpSpans } from './late-spans.ts'

/** What an agent's own model calls came to. Calls of the agents that it calls are theirs. */
interface Tally {
  inputTokens: number | undefined
  outputTokens: number | undefined
  /** Of the last call. */
  finishReasons: unknown
}

const TALLY = createContextKey('agentel.agent_tally.1')

/** The context of an agent whose model calls are added up. */
export function startTally(context: Context): Context {
  return context.setValue(TALLY, {
    inputTokens: undefined,
    outputTokens: undefined,
    finishReasons: undefined,
  } satisfies Tally)
}

/** Adds a model call that is about to end to the sums of the agent around it. */
export function addToTally(context: Context, operation: unknown, span: Span): void {
  if (!isInference(operation)) return
  const tally = context.getValue(TALLY) as Tally | undefined
  // Spans of both SDK lines can be read; others say nothing.
  const attributes = (span as { attributes?: Attributes }).attributes
  if (tally === undefined || attributes === undefined) return
  tally.inputTokens = sum(tally.inputTokens, attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS])
  tally.outputTokens = sum(tally.outputTokens, attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS])
  tally.finishReasons = attributes[ATTR_GEN_AI_RESPONSE_FINISH_REASONS] ?? tally.finishReasons
}

/** What the agent's calls came to so far; what no call told is `undefined`. */
export function tallyAttributes(context: Context): Attributes {
  catchUpSpans()
  const { inputTokens, outputTokens, finishReasons } = (context.getValue(TALLY) ?? {}) as Partial<Tally>
  return {
    [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: inputTokens,
    [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: outputTokens,
    [ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: finishReasons,
  }
}

function sum(total: number | undefined, tokens: unknown): number | undefined {
  return typeof tokens === 'number' ? (total ?? 0) + tokens : total
}
