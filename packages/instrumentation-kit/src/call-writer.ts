import type { Attributes } from '@opentelemetry/api'
import {
  capturesOnEvents,
  capturesOnSpans,
  emitEvent,
  guard,
  type Operation,
  SEVERITY,
  spanContent,
  structuredContent,
} from '@agentel/api'
import { ATTR_GEN_AI_REQUEST_STREAM, EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS } from '@agentel/semconv'
import type { CallStart } from './call-recording.ts'
import type { Content, OperationReaders, Outcome } from './operation-readers.ts'

/** Writes what the readers read: on the span, and into the details event when content goes there. */
export interface CallWriter {
  /** Whether texts are wanted at all. */
  readonly withContent: boolean
  request(start: Attributes): void
  response(response: unknown, outcome: Outcome): void
  /** Writes the details event, once everything is known. */
  details(): void
}

/** Content settings hold for a call as they are when it starts. */
export function callWriter(
  readers: OperationReaders,
  operation: Pick<Operation, 'context' | 'set' | 'fail'>,
  call: CallStart,
): CallWriter {
  const onSpans = capturesOnSpans()
  const onEvents = capturesOnEvents()
  const details: Record<string, unknown> = {}

  const set = (attributes: Attributes): void => {
    operation.set(attributes)
    if (onEvents) Object.assign(details, attributes)
  }
  const setContent = (where: string, read: () => Content | undefined): void => {
    if (!onSpans && !onEvents) return
    for (const [key, value] of Object.entries(guard(`${readers.name}.${where}`, read) ?? {})) {
      if (onSpans) operation.set({ [key]: spanContent(value) } as Attributes)
      if (onEvents) details[key] = structuredContent(value)
    }
  }

  return {
    withContent: onSpans || onEvents,
    request(start) {
      if (onEvents) Object.assign(details, start)
      set(call.request.attributes)
      if (call.request.streaming) set({ [ATTR_GEN_AI_REQUEST_STREAM]: true })
      setContent('readInput', () => readers.readInput?.(call.args))
    },
    response(response, outcome) {
      const read = guard(`${readers.name}.readResponse`, () =>
        readers.readResponse(response, call.destination, outcome),
      )
      if (read !== undefined) set(read)
      setContent('readOutput', () => readers.readOutput?.(response))
      const failure = guard(`${readers.name}.readFailure`, () => readers.readFailure?.(response))
      if (failure !== undefined) operation.fail(new Error(failure.message), failure)
    },
    details() {
      // The event is one of inference: fetching an answer again, or embedding a text, has no input to speak of.
      if (!onEvents || readers.readInput === undefined) return
      emitEvent(EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS, details as Attributes, {
        severity: SEVERITY.DEBUG,
        context: operation.context,
      })
    },
  }
}
