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

function addRun(component: Component | undefined, span: ReadableSpanLike): void {
  if (component === undefined) return
  const at = millisecondsOf(span.endTime)
  component.lastSeen = Math.max(component.lastSeen, at)
  const failed = span.status.code === SpanStatusCode.ERROR
  const error = span.attributes[ATTR_ERROR_TYPE]
  if (failed && error === CANCELLED) return
  if (failed) component.lastError = typeof error === 'string' ? error : undefined
  component.runs.add(at, millisecondsOf(span.duration), failed)
}

/** Tells of the runs of agents and workers, and of the model calls of agents, from spans of any origin. */
export function healthEnricher(find: FindComponent): Enricher {
  return {
    name: 'health',
    onEnd(span) {
      const { attributes } = span
      const worker = attributes[ATTR_AGENTEL_WORKER_NAME]
      if (typeof worker === 'string') addRun(find('worker', worker), span)
      const operation = attributes[ATTR_GEN_AI_OPERATION_NAME]
      const agent = attributes[ATTR_GEN_AI_AGENT_NAME]
      if (typeof agent !== 'string') return
      if (operation === GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT) addRun(find('agent', agent), span)
      else if (isInference(operation) && span.status.code !== SpanStatusCode.ERROR) {
        const at = millisecondsOf(span.endTime)
        find('agent', agent)?.responses.add(at, millisecondsOf(span.duration), false)
      }
    },
  }
}
