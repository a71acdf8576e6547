import { type Attributes, type Context, type Span, trace } from '@opentelemetry/api'
import { addToTally, guard, type Operation, type OperationOptions, withInnerSpanReceiver } from '@agentel/api'
import { ATTR_GEN_AI_OPERATION_NAME } from '@agentel/semconv'
import type { CallOwner } from './ownership.ts'

/** An operation of ours, or the part of it that a call under another's span needs. */
export type AnyOperation = Pick<Operation, 'context' | 'set' | 'fail' | 'end' | 'ended'> & {
  readonly span?: Operation['span'] | undefined
}

/** The owner's span is ended, failed and timed by the owner; here it only learns what the client knows. */
export function ownedOperation(owner: CallOwner, context: Context, options: OperationOptions): AnyOperation {
  const set = (attributes: Attributes): void => void guard('owner.enrich', () => owner.enrich(attributes))
  set(options.attributes ?? {})
  return withoutEnd({ context, set })
}

/**
 * The SDK starts (or has started), fails and ends the span. What is read before that is kept until it starts; without
 * our span processor nobody tells us of it, and it stays as the SDK made it.
 */
export function nativeOperation(own: Span | string, parent: Context, options: OperationOptions): AnyOperation {
  let started: Span | undefined
  let before: Attributes = { ...options.attributes }
  const receive = (span: Span): void => {
    started = span
    span.setAttributes(before)
    before = {}
  }
  if (typeof own !== 'string') receive(own)
  const waiting = typeof own === 'string' ? withInnerSpanReceiver(parent, { scope: own, receive }) : parent
  return withoutEnd(
    {
      get context() {
        return started === undefined ? waiting : trace.setSpan(parent, started)
      },
      get span() {
        return started
      },
      set(attributes) {
        if (started === undefined) Object.assign(before, attributes)
        // It may have ended already: the SDK does not wait for us.
        else if (started.isRecording()) started.setAttributes(attributes)
      },
    },
    () => {
      if (started !== undefined) addToTally(parent, options.attributes?.[ATTR_GEN_AI_OPERATION_NAME], started)
    },
  )
}

/** Adds the ends, which are others' affair; to the same object, for its getters. */
function withoutEnd(operation: Omit<AnyOperation, 'ended' | 'fail' | 'end'>, onEnd?: () => void): AnyOperation {
  let ended = false
  const end = (): void => {
    if (ended) return
    ended = true
    guard('others.end', () => onEnd?.())
  }
  return Object.defineProperties(operation, {
    ended: { get: () => ended },
    fail: { value: () => undefined },
    end: { value: end },
  }) as AnyOperation
}
