import {
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanKind,
  type SpanOptions,
  type TimeInput,
  type Tracer,
  context as contextApi,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api'
import { ATTR_GEN_AI_AGENT_NAME, ATTR_GEN_AI_OPERATION_NAME } from '@agentel/semconv'
import { addToTally } from './agent-tally.ts'
import { guard, recordFault } from './guard.ts'
import { debugAttributes } from './debug.ts'
import { getAgentName, identityAttributes, NOBODY } from './identity.ts'
import { traceAttributes } from './trace-name.ts'
import { NO_OPERATION, NO_SPAN } from './no-operation.ts'
import { observeOutcome } from './observe-outcome.ts'
import { setPlainAttributes } from './plain-attributes.ts'
import { type FailOptions, type Failure, recordFailure } from './record-failure.ts'
import { type LateEnd, lateEnds } from './late-ends.ts'
import { makeRoom } from './roomy.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

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

/** An operation under way: one span, started and to be ended once. No method of it throws. */
export interface Operation {
  readonly span: Span
  /** The context with this span in it. */
  readonly context: Context
  set(attributes: Attributes): void
  rename(name: string): void
  /** Records status, `error.type`, category and the exception event; does not end the operation. */
  fail(error: unknown, options?: FailOptions): void
  /** Ends the span. A second call does nothing. */
  end(endTime?: TimeInput): void
  /** For instrumentations: attributes that nobody needs before the span ends. */
  setLast(attributes: Attributes): void
  /** For instrumentations: ends the span now or, where its set-up allows it (`mayEndLate`), at the end of the turn, as of now. */
  endSoon(): void
  /** Whether it has been ended. */
  readonly ended: boolean
}

/** Starts an operation that outlives a callback. Never throws; without an SDK it costs next to nothing. */
export function startOperation(options: OperationOptions): Operation {
  try {
    return begin(options)
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

function begin(options: OperationOptions): Operation {
  const parent = options.parent ?? contextApi.active()
  const attributes = startAttributes(options.attributes, parent)
  const span = startSpan(options, attributes, parent)
  // Without a span of its own, what is inside belongs to the span around it.
  const context = span === NO_SPAN ? parent : trace.setSpan(parent, span)
  const inside = options.inside && guard('api.inside', () => options.inside!(context))
  return new SpanOperation(span, inside ?? context, options, attributes)
}

function startSpan(options: OperationOptions, attributes: Attributes, parent: Context): Span {
  const { name, kind, links, startTime } = options
  const spanOptions: SpanOptions = { attributes }
  if (kind !== undefined) spanOptions.kind = kind
  if (links !== undefined) spanOptions.links = links
  if (startTime !== undefined) spanOptions.startTime = startTime
  try {
    const span = (options.tracer ?? ownTracer()).startSpan(name, spanOptions, parent)
    if (attributes[ATTR_GEN_AI_OPERATION_NAME] !== undefined) makeRoom(span)
    return span
  } catch (fault) {
    recordFault('api.startSpan', fault)
    return NO_SPAN
  }
}

const NO_ATTRIBUTES: Attributes = Object.freeze({})

function startAttributes(given: Attributes = NO_ATTRIBUTES, parent: Context): Attributes {
  const identity = identityAttributes(parent)
  const named = traceAttributes(parent)
  const debug = debugAttributes(parent)
  const agent = getAgentName(parent)
  if (agent === undefined && named === undefined && debug === undefined && identity === NOBODY) return given
  const attributes: Attributes = { ...identity, ...named, ...debug, ...given }
  if (agent !== undefined) attributes[ATTR_GEN_AI_AGENT_NAME] ??= agent
  return attributes
}

let lastProvider: unknown
let lastTracer: Tracer | undefined

/** The tracer is kept as long as the provider is the same one; asking for it each time costs a map lookup. */
function ownTracer(): Tracer {
  const provider = trace.getTracerProvider()
  if (lastTracer === undefined || provider !== lastProvider) {
    lastProvider = provider
    lastTracer = provider.getTracer(SCOPE_NAME, SCOPE_VERSION)
  }
  return lastTracer
}

/**
 * A class, since one is made for each span: an object literal with a getter of its own gives V8 a new hidden class each
 * time, which is kept until the next major collection with all that hangs on it. Its fields are only declared: those with
 * a `#`, and those that are defined before they are set, cost several times as much until V8 has optimised the code,
 * which takes some thousand calls of a model.
 */
class SpanOperation implements Operation, LateEnd {
  declare readonly span: Span
  declare readonly context: Context
  declare ended: boolean
  declare private readonly options: OperationOptions
  declare private readonly operation: unknown
  declare private readonly started: number
  declare private failure: Failure | undefined
  declare private last: Attributes[] | undefined
  declare private endTime: TimeInput | undefined

  constructor(span: Span, context: Context, options: OperationOptions, attributes: Attributes) {
    this.span = span
    this.context = context
    this.options = options
    this.operation = attributes[ATTR_GEN_AI_OPERATION_NAME]
    this.started = options.onEnd === undefined ? 0 : performance.now()
    this.failure = undefined
    this.last = undefined
    this.endTime = undefined
    this.ended = false
  }

  set(attributes: Attributes): void {
    // The SDK logs a warning with a stack for every write after the end; a late one is not worth that.
    if (!this.ended) this.write(attributes)
  }

  setLast(attributes: Attributes): void {
    if (this.ended) return
    if (this.last === undefined) this.last = [attributes]
    else this.last.push(attributes)
  }

  private write(attributes: Attributes): void {
    try {
      setPlainAttributes(this.span, attributes)
    } catch (fault) {
      recordFault('api.set', fault)
    }
  }

  rename(name: string): void {
    if (!this.ended) guard('api.rename', () => this.span.updateName(name))
  }

  fail(error: unknown, options?: FailOptions): void {
    if (this.ended) return
    const { kind } = this.options
    this.failure = guard('api.fail', () =>
      recordFailure(this.span, this.context, error, { ...options, kind, operation: this.operation }),
    )
  }

  endSoon(): void {
    if (this.ended) return
    const ends = this.options.onEnd === undefined ? lateEnds(this.span) : undefined
    if (ends === undefined) return this.end()
    this.ended = true
    this.endTime = performance.now()
    ends.add(this)
  }

  endLate(): void {
    contextApi.with(this.options.parent ?? ROOT_CONTEXT, this.endSpan, this)
  }

  end(endTime?: TimeInput): void {
    if (this.ended) return
    const { onEnd } = this.options
    if (onEnd !== undefined) {
      const outcome = { seconds: (performance.now() - this.started) / 1000, failure: this.failure }
      guard('api.onEnd', () => onEnd(outcome))
    }
    this.endTime = endTime
    this.ended = true
    this.endSpan()
  }

  private endSpan(): void {
    this.last?.forEach(this.write, this)
    try {
      addToTally(this.context, this.operation, this.span)
    } catch (fault) {
      recordFault('api.tally', fault)
    }
    // A processor of somebody else that throws in onEnding would otherwise throw here, into the application.
    try {
      this.span.end(this.endTime)
    } catch (fault) {
      recordFault('api.end', fault)
    }
  }
}
