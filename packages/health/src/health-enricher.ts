import { SpanStatusCode } from '@opentelemetry/api'
import { type Enricher, millisecondsOf, type ReadableSpanLike } from '@agentel/processor-kit'
import {
  ATTR_AGENTEL_WORKER_NAME,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
} from '@agentel/semconv'
import { isInference } from '@agentel/semconv/operations'
import type { Component } from './component.ts'

/** Somebody gave up: nobody's failure. */
const CANCELLED = 'cancelled'

/** What the enricher hands on. @returns the component that the span belongs to, if it is watched */
export type FindComponent = (kind: Component['kind'], name: string) => Component | undefined

/** When a span ended; now, when its application gave it an end that is none or is to come. */
function endOf({ endTime }: ReadableSpanLike, now: number): number {
  const at = millisecondsOf(endTime)
  return at >= 0 && at <= now ? at : now
}

function durationOf({ duration }: ReadableSpanLike): number {
  const ms = millisecondsOf(duration)
  return ms >= 0 && Number.isFinite(ms) ? ms : 0
}

function addRun(component: Component | undefined, span: ReadableSpanLike, at: number): void {
  if (component === undefined) return
  component.lastSeen = Math.max(component.lastSeen, at)
  const failed = span.status.code === SpanStatusCode.ERROR
  const error = span.attributes[ATTR_ERROR_TYPE]
  if (failed && error === CANCELLED) return
  if (failed) component.lastError = typeof error === 'string' ? error : undefined
  component.runs.add(at, durationOf(span), failed)
}

/** Tells of the runs of agents and workers, and of the model calls of agents, from spans of any origin. */
export function healthEnricher(find: FindComponent, now: () => number): Enricher {
  return {
    name: 'health',
    onEnd(span) {
      const { attributes } = span
      const worker = attributes[ATTR_AGENTEL_WORKER_NAME]
      if (typeof worker === 'string') addRun(find('worker', worker), span, endOf(span, now()))
      const operation = attributes[ATTR_GEN_AI_OPERATION_NAME]
      const agent = attributes[ATTR_GEN_AI_AGENT_NAME]
      if (typeof agent !== 'string') return
      if (operation === GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT) addRun(find('agent', agent), span, endOf(span, now()))
      else if (isInference(operation) && span.status.code !== SpanStatusCode.ERROR) {
        find('agent', agent)?.responses.add(endOf(span, now()), durationOf(span), false)
      }
    },
  }
}
