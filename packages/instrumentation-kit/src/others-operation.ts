import { type Attributes, type Context, type Span, trace } from '@opentelemetry/api'
import {
  addToTally,
  type FailOptions,
  guard,
  type Last,
  type Operation,
  type OperationOptions,
  withInnerSpanReceiver,
} from '@agentel/api'
import { ATTR_GEN_AI_OPERATION_NAME } from '@agentel/semconv'
import type { CallOwner } from './ownership.ts'

/** An operation of ours, or the part of it that a call under another's span needs. */
export type AnyOperation = Pick<
  Operation,
  'context' | 'recording' | 'set' | 'setLast' | 'fail' | 'end' | 'endSoon' | 'ended'
> & {
  readonly span?: Operation['span'] | undefined
}

/** The span is somebody else's, who ends it when it suits them: what we know of it cannot wait. */
abstract class AtOnce {
  abstract set(attributes: Attributes): void
  abstract end(): void
  abstract readonly span: Span | undefined

  setLast(last: Last): void {
    const { span } = this
    if (typeof last !== 'function') this.set(last)
    else if (span !== undefined) last(span)
  }

  get recording(): boolean {
    return this.span === undefined || this.span.isRecording()
  }

  endSoon(): void {
    this.end()
  }
}

/** The owner's span is ended, failed and timed by the owner; here it only learns what the client knows. */
export class OwnedOperation extends AtOnce implements AnyOperation {
  readonly context: Context
  readonly #owner: CallOwner
  ended = false

  constructor(owner: CallOwner, context: Context, options: OperationOptions) {
    super()
    this.context = context
    this.#owner = owner
    this.set(options.attributes ?? {})
  }

  set(attributes: Attributes): void {
    guard('owner.enrich', () => this.#owner.enrich(attributes))
  }

  get span(): Span | undefined {
    return this.#owner.span
  }

  fail(error: unknown, options?: FailOptions): void {
    guard('owner.fail', () => this.#owner.fail?.(error, options))
  }

  end(): void {
    this.ended = true
  }
}

/**
 * The SDK starts (or has started), fails and ends the span. What is read before that is kept until it starts; without
 * our span processor nobody tells us of it, and it stays as the SDK made it.
 */
export function nativeOperation(own: Span | string, parent: Context, options: OperationOptions): AnyOperation {
  const operation = new NativeOperation(parent, options)
  if (typeof own === 'string') operation.waitFor(own)
  else operation.receive(own)
  return operation
}

class NativeOperation extends AtOnce implements AnyOperation {
  readonly #parent: Context
  readonly #name: unknown
  #waiting: Context
  #before: Attributes
  #started: Span | undefined
  ended = false

  constructor(parent: Context, { attributes }: OperationOptions) {
    super()
    this.#parent = parent
    this.#waiting = parent
    this.#name = attributes?.[ATTR_GEN_AI_OPERATION_NAME]
    this.#before = { ...attributes }
  }

  waitFor(scope: string): void {
    this.#waiting = withInnerSpanReceiver(this.#parent, { scope, receive: (span) => this.receive(span) })
  }

  receive(span: Span): void {
    this.#started = span
    span.setAttributes(this.#before)
    this.#before = {}
  }

  get context(): Context {
    return this.#started === undefined ? this.#waiting : trace.setSpan(this.#parent, this.#started)
  }

  get span(): Span | undefined {
    return this.#started
  }

  set(attributes: Attributes): void {
    if (this.#started === undefined) Object.assign(this.#before, attributes)
    // It may have ended already: the SDK does not wait for us.
    else if (this.#started.isRecording()) this.#started.setAttributes(attributes)
  }

  fail(): void {}

  end(): void {
    if (this.ended) return
    this.ended = true
    const span = this.#started
    if (span !== undefined) guard('others.end', () => addToTally(this.#parent, this.#name, span))
  }
}
