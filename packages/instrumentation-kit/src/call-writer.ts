import type { Attributes } from '@opentelemetry/api'
import {
  type ContentRoute,
  contentRoute,
  emitEvent,
  guard,
  type Operation,
  eventContentAttributes,
  recordFault,
  runContentHooks,
  SEVERITY,
  spanContentAttributes,
} from '@agentel/api'
import { ATTR_GEN_AI_REQUEST_STREAM, EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS } from '@agentel/semconv'
import type { CallStart } from './call-recording.ts'
import type { Content, OperationReaders, Outcome } from './operation-readers.ts'

/**
 * Writes what the readers read: on the span, and into the details event when content goes there. Content settings hold
 * for a call as they are when it starts. Its fields are only declared, which costs the least until V8 has optimised the
 * code.
 */
export class CallWriter {
  /** Whether texts are wanted at all. */
  declare readonly withContent: boolean
  declare private readonly readers: OperationReaders
  declare private readonly operation: WrittenOperation
  declare private readonly call: CallStart
  declare private readonly route: ContentRoute | undefined
  /** What the event will say; `undefined` when content does not go on events. */
  declare private readonly event: Record<string, unknown> | undefined

  constructor(readers: OperationReaders, operation: WrittenOperation, call: CallStart) {
    const route = contentRoute(operation.context)
    this.readers = readers
    this.operation = operation
    this.call = call
    this.route = route
    this.event = route?.onEvents === true ? {} : undefined
    this.withContent = route !== undefined
  }

  /** Writes what the request says, and what the span was started with. */
  request(start: Attributes): void {
    if (this.event !== undefined) Object.assign(this.event, start)
    const { request, args } = this.call
    this.setLast(request.attributes)
    if (request.streaming) this.setLast(STREAMED)
    if (this.withContent) this.setContent('input', 'readInput', () => this.readers.readInput?.(args))
  }

  /** Writes what the answer says. */
  response(response: unknown, outcome: Outcome): void {
    const readers = this.readers
    try {
      const attributes = readers.readResponse(response, this.call.destination, outcome)
      this.setLast(attributes)
    } catch (fault) {
      recordFault(`${readers.name}.readResponse`, fault)
    }
    if (this.withContent) this.setContent('output', 'readOutput', () => readers.readOutput?.(response))
    if (readers.readFailure === undefined) return
    const failure = guard(`${readers.name}.readFailure`, () => readers.readFailure!(response))
    if (failure !== undefined) this.operation.fail(new Error(failure.message), failure)
  }

  /** Writes the details event, once everything is known. */
  details(): void {
    // The event is one of inference: fetching an answer again, or embedding a text, has no input to speak of.
    if (this.event === undefined || this.readers.readInput === undefined) return
    emitEvent(EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS, this.event as Attributes, {
      severity: SEVERITY.DEBUG,
      context: this.operation.context,
    })
  }

  private setLast(attributes: Attributes): void {
    this.operation.setLast(attributes)
    if (this.event !== undefined) Object.assign(this.event, attributes)
  }

  private setContent(side: 'input' | 'output', where: string, read: () => Content | undefined): void {
    const given = guard(`${this.readers.name}.${where}`, read)
    if (given === undefined) return
    const { span } = this.operation
    const { hooked = false, onSpans = false } = this.route ?? {}
    const content = hooked ? runContentHooks({ side, span, content: given }) : given
    for (const [key, value] of Object.entries(content)) {
      if (onSpans) this.operation.set(spanContentAttributes(span, key, value))
      if (this.event !== undefined) Object.assign(this.event, eventContentAttributes(key, value))
    }
  }
}

/** What is written to; without a span where another library makes it and has not begun. */
type WrittenOperation = Pick<Operation, 'context' | 'set' | 'setLast' | 'fail'> & {
  readonly span?: Operation['span'] | undefined
}

const STREAMED: Attributes = { [ATTR_GEN_AI_REQUEST_STREAM]: true }
