import {
  alwaysRecord,
  keepSpans,
  parseSamplingRule,
  ruleSampler,
  type SamplingRule,
  tailSampling,
} from '@agentel/sampler'
import type { ReadableSpanLike, SpanProcessorLike } from '@agentel/processor-kit'
import type { Sampler, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { AgentelConfig } from './generated/config-fields.ts'
import type { SamplerSettings } from './otel-settings.ts'
import { samplerOf } from './sampler-table.ts'
import { StartError } from './start-error.ts'
import { limitTraces } from './trace-limit.ts'

/** What was not exported though nobody wanted it left out, by the part that let it go. */
export interface Losses {
  /** Spans, and lines of loggers. */
  readonly dropped: Readonly<Record<string, number>>
  /** Traces that were decided before their end. */
  readonly evicted: Readonly<Record<string, number>>
}

/** How spans are sampled, from their start to their export. */
export interface SpanSampling {
  readonly sampler: Sampler
  /** Puts what decides at the end of spans and traces in front of the exporting processors. */
  inFrontOf(exporting: readonly SpanProcessor[]): SpanProcessor[]
  losses(): Losses
  /** Decides on all traces that wait: for the end of the process. */
  decideAll(): void
}

function rulesOf(rules: readonly string[]): SamplingRule[] {
  try {
    return rules.map(parseSamplingRule)
  } catch (error) {
    const message = `sampling.rules: ${error instanceof Error ? error.message : String(error)}`
    throw new StartError('AGENTEL_CONFIG_INVALID_VALUE', 'sampling.rules', message)
  }
}

/** One processor that hands everything to several. */
function fanOut(all: readonly SpanProcessor[]): SpanProcessorLike {
  return {
    onStart: (span, context) => all.forEach((one) => one.onStart(span as never, context)),
    onEnding: (span) => all.forEach((one) => one.onEnding?.(span as never)),
    onEnd: (span) => all.forEach((one) => one.onEnd(span as never)),
    forceFlush: async () => void (await Promise.all(all.map((one) => one.forceFlush()))),
    shutdown: async () => void (await Promise.all(all.map((one) => one.shutdown()))),
  }
}

/** @throws StartError for a rule that cannot be read */
export function buildSampling(settings: SamplerSettings, options: AgentelConfig['sampling']): SpanSampling {
  const { exactMetrics, maxSpansPerTrace, keepErrors, keepPerSecond } = options
  const { enabled, ...policy } = options.tail
  const rules = rulesOf(options.rules)
  const limit = limitTraces(ruleSampler(samplerOf(settings), rules) as Sampler, maxSpansPerTrace)
  const counters: { keep?: ReturnType<typeof keepSpans>; tail?: ReturnType<typeof tailSampling> } = {}
  return {
    sampler: exactMetrics ? alwaysRecord(limit.sampler) : limit.sampler,
    inFrontOf(exporting) {
      if (exporting.length === 0 || (!keepErrors && !enabled)) return [...exporting]
      let next = fanOut(exporting)
      // An agent that fails in a loop must not fill the destination either.
      const except = (span: ReadableSpanLike) => limit.isFull(span.spanContext().traceId)
      if (keepErrors) next = counters.keep = keepSpans(next, { maxPerSecond: keepPerSecond, except })
      if (enabled) next = counters.tail = tailSampling(next, policy)
      return [next as unknown as SpanProcessor]
    },
    losses() {
      const { evicted = 0, droppedSpans = 0 } = counters.tail?.counts() ?? {}
      return {
        dropped: {
          'sampling.maxSpansPerTrace': limit.dropped(),
          'sampling.keepPerSecond': counters.keep?.dropped() ?? 0,
          'sampling.tail': droppedSpans,
        },
        evicted: { 'sampling.tail': evicted },
      }
    },
    decideAll: () => counters.tail?.decideAll(),
  }
}
