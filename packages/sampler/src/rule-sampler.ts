import { type Attributes, isSpanContextValid, trace, type TraceState } from '@opentelemetry/api'
import { ATTR_AGENTEL_SAMPLING_PRIORITY, ATTR_AGENTEL_SAMPLING_REASON } from '@agentel/semconv'
import type { SamplerLike, SamplingResultLike } from './always-record.ts'
import { rateLimit } from './rate-limit.ts'
import { isAbout, type SamplingRule, type StartingSpan } from './sampling-rules.ts'
import { isInShare, thresholdOf, withThreshold } from './trace-share.ts'

/** What our samplers decide. */
export interface SamplingResult extends SamplingResultLike {
  traceState?: TraceState
}

const DROPPED: SamplingResult = { decision: 0 }
const SAMPLED = 2
const ALL = '0'.repeat(14)

/** Whether a span asks for its trace to be kept. */
export function hasPriority(attributes: Readonly<Attributes> | undefined): boolean {
  const priority = attributes?.[ATTR_AGENTEL_SAMPLING_PRIORITY]
  return priority === 'high' || (typeof priority === 'number' && priority > 0)
}

function kept(threshold: string | undefined, reason?: string): SamplingResult {
  return {
    decision: SAMPLED,
    ...(threshold === undefined ? {} : { traceState: withThreshold(undefined, threshold) }),
    ...(reason === undefined ? {} : { attributes: { [ATTR_AGENTEL_SAMPLING_REASON]: reason } }),
  }
}

type Decide = (span: StartingSpan, traceId: string) => SamplingResult | undefined

function decideBy(rule: SamplingRule): Decide {
  const { share = 1, perSecond } = rule
  const threshold = thresholdOf(share)
  const limit = perSecond === undefined ? undefined : rateLimit(perSecond)
  return (span, traceId) => {
    if (!isAbout(rule, span)) return undefined
    // With which probability a rate limit keeps a trace is not known, so nothing is said of it.
    if (limit !== undefined) return limit.take() ? kept(undefined, 'rule') : DROPPED
    return isInShare(threshold, traceId) ? kept(threshold, 'rule') : DROPPED
  }
}

/**
 * Decides for the first span of a trace: one whose `agentel.sampling.priority` is above 0 is kept, else the first rule
 * that is about it decides, else `delegate`. Whatever has a parent is left to `delegate`, which should be
 * parent-based.
 *
 * @example
 * ruleSampler(new ParentBasedSampler({ root: shareSampler(0.1) }), [parseSamplingRule('agent=billing:1')])
 */
export function ruleSampler<R extends SamplingResultLike>(
  delegate: SamplerLike<R>,
  rules: readonly SamplingRule[],
): SamplerLike<R | SamplingResult> {
  const decisions = rules.map(decideBy)
  return {
    shouldSample(context, traceId, name, kind, attributes, links) {
      const parent = trace.getSpanContext(context)
      if (parent === undefined || !isSpanContextValid(parent)) {
        if (hasPriority(attributes)) return kept(ALL, 'priority')
        for (const decide of decisions) {
          const result = decide({ name, attributes, context }, traceId)
          if (result !== undefined) return result
        }
      }
      return delegate.shouldSample(context, traceId, name, kind, attributes, links)
    },
    toString: () => `Rules{${rules.length},${delegate.toString()}}`,
  }
}

/**
 * Keeps a share of all traces, by OpenTelemetry's consistent sampling: any two processes, and the collector, keep the
 * same traces for the same share and all of the smaller share's traces for a larger one; the probability is in the
 * trace state (`ot=th:…`), so that a backend can count what was left out.
 */
export function shareSampler(share: number): SamplerLike<SamplingResult> {
  const threshold = thresholdOf(share)
  return {
    shouldSample(context, traceId) {
      const state = trace.getSpanContext(context)?.traceState
      if (!isInShare(threshold, traceId, state)) return DROPPED
      return { decision: SAMPLED, traceState: withThreshold(state, threshold!) }
    },
    toString: () => `TraceShare{${share}}`,
  }
}
