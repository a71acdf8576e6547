import {
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanKind,
  type TimeInput,
  type Tracer,
  context as contextApi,
} from '@opentelemetry/api'
import { guard, recordFault } from './guard.ts'
import { NO_OPERATION } from './no-operation.ts'
import { observeOutcome } from './observe-outcome.ts'
import type { FailOptions, Failure } from './record-failure.ts'
import { SpanOperation } from './span-operation.ts'

/** What is known of an operation when it starts. */
export interface OperationOptions {
  /** Span name. */
  name: string
  /** INTERNAL by default. */
  kind?: SpanKind
  /** Given to the sampler too. */
  attributes?: Attributes
  links?: Link[]
  /** The active context by default. */
  parent?: Context
  startTime?: TimeInput
  /** This package's own by default. */
  tracer?: Tracer
  /** For instrumentations: the span may start at the end of the turn, as of now, where its set-up allows it (`mayBeLate`). */
  late?: boolean
  /** What the operation's context holds beside its span. */
  inside?: (context: Context) => Context
  /** Called once, just before the span ends. */
  onEnd?: (outcome: OperationOutcome) => void
}

/** How an operation went. */
export interface OperationOutcome {
  /** Since the operation was started, whatever start time was given. */
  readonly seconds: number
  /** The last failure, if there was one. */
  readonly failure: Failure | undefined
}

/** What is put on a span just before it ends. */
export type Last = Attributes | ((span: Span) => void)

/** An operation under way: one span, started and to be ended once. No method of it throws. */
export interface Operation {
  readonly span: Span
  /** Whether anybody records the span; `true` while nobody can tell. */
  readonly recording: boolean
  /** The context with this span in it. */
  readonly context: Context
  set(attributes: Attributes): void
  rename(name: string): void
  /** Records status, `error.type`, category and the exception event; does not end the operation. */
  fail(error: unknown, options?: FailOptions): void
  /** Ends the span. A second call does nothing. */
  end(endTime?: TimeInput): void
  /** For instrumentations: attributes that nobody needs before the span ends, or what is done with the span then. */
  setLast(last: Last): void
  /** For instrumentations: ends the span now or, where its set-up allows it (`mayBeLate`), at the end of the turn, as of now. */
  endSoon(): void
  /** Whether it has been ended. */
  readonly ended: boolean
}

/** Starts an operation that outlives a callback. Never throws; without an SDK it costs next to nothing. */
export function startOperation(options: OperationOptions): Operation {
  try {
    return new SpanOperation(options)
  } catch (fault) {
    recordFault('api.startOperation', fault)
    return Object.create(NO_OPERATION) as Operation
  }
}

/**
 * Runs `fn` as an operation, in its context, and ends it in every case: when `fn` returns or throws, when its promise
 * settles, when its (async) generator or stream is finished, left early or fails. What `fn` gave is given back; a
 * thenable or stream that is more than a plain promise is the very same object.
 *
 * @throws what `fn` throws
 */
export function runOperation<T>(options: OperationOptions, fn: (operation: Operation) => T): T {
  return runIn(startOperation(options), fn)
}

/** As {@link runOperation}, for an operation that has been started. */
export function runIn<O extends Operation, T>(
  operation: O,
  fn: (operation: O) => T,
  onResult?: (result: unknown) => void,
): T {
  let result: T
  try {
    result = contextApi.with(operation.context, fn, undefined, operation)
  } catch (error) {
    operation.fail(error)
    operation.end()
    throw error
  }
  return observeOutcome(result, {
    context: operation.context,
    succeed: (value) => {
      if (onResult !== undefined) guard('api.result', () => onResult(value))
      operation.end()
    },
    fail: (error) => {
      operation.fail(error)
      operation.end()
    },
  })
}
