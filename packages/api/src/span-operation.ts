import {
  type Attributes,
  type Context,
  context as contextApi,
  type Span,
  type SpanOptions,
  type TimeInput,
  trace,
  type Tracer,
} from '@opentelemetry/api'
import { ATTR_GEN_AI_AGENT_NAME, ATTR_GEN_AI_OPERATION_NAME } from '@agentel/semconv'
import { addToTally } from './agent-tally.ts'
import { debugAttributes } from './debug.ts'
import { guard, recordFault } from './guard.ts'
import { getAgentName, identityAttributes, NOBODY } from './identity.ts'
import { type LateWork, lateEnds, lateStarts, learnLateness } from './late-spans.ts'
import { settledContext, StartingContext } from './starting-context.ts'
import { NO_SPAN } from './no-operation.ts'
import type { Last, Operation, OperationOptions } from './operation.ts'
import { setPlainAttributes } from './plain-attributes.ts'
import { type FailOptions, type Failure, recordFailure } from './record-failure.ts'
import { makeRoom } from './roomy.ts'
import { traceAttributes } from './trace-name.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/**
 * A class, since one is made for each span: an object literal with a getter of its own gives V8 a new hidden class each
 * time, which is kept until the next major collection with all that hangs on it. Its fields are only declared: those with
 * a `#`, and those that are defined before they are set, cost several times as much until V8 has optimised the code,
 * which takes some thousand calls of a model.
 */
export class SpanOperation implements Operation, LateWork {
  declare ended: boolean
  /** Where the span starts late: one that starts it, until it has started. */
  declare context: Context
  declare private readonly options: OperationOptions
  declare private readonly parent: Context
  declare private readonly tracer: Tracer
  declare private readonly started: number
  declare private readonly late: boolean
  /** `undefined` until the span has started. */
  declare private begun: Span | undefined
  declare private failure: Failure | undefined
  declare private last: Last[] | undefined
  declare private endTime: TimeInput | undefined

  constructor(options: OperationOptions) {
    const waiting = options.late === true ? lateStarts(options.tracer) : undefined
    this.options = options
    this.parent = settledContext(options.parent ?? contextApi.active())
    this.late = waiting !== undefined
    this.started = this.late || options.onEnd !== undefined ? performance.now() : 0
    this.begun = undefined
    this.failure = undefined
    this.last = undefined
    this.endTime = undefined
    this.ended = false
    if (waiting === undefined) this.begin(options.startTime)
    else {
      this.context = new StartingContext(this, this.parent)
      waiting.add(this)
    }
  }

  get span(): Span {
    return this.begun ?? contextApi.with(this.parent, this.begin, this, this.started)
  }

  get recording(): boolean {
    return this.begun === undefined || this.begun.isRecording()
  }

  private begin(startTime: TimeInput | undefined): Span {
    const { options, parent } = this
    // For whoever asks while it starts.
    this.begun = NO_SPAN
    this.context = parent
    try {
      const span = startSpan(options, startAttributes(options.attributes, parent), parent, startTime)
      this.begun = span
      if (options.late === true) learnLateness(options.tracer, span)
      // Without a span of its own, what is inside belongs to the span around it.
      const context = span === NO_SPAN ? parent : trace.setSpan(parent, span)
      this.context = (options.inside && guard('api.inside', () => options.inside!(context))) ?? context
    } catch (fault) {
      recordFault('api.startOperation', fault)
    }
    return this.begun
  }

  set(attributes: Attributes): void {
    // The SDK logs a warning with a stack for every write after the end; a late one is not worth that.
    if (!this.ended) this.write(attributes)
  }

  setLast(last: Last): void {
    if (this.ended) return
    if (this.last === undefined) this.last = [last]
    else this.last.push(last)
  }

  private write(last: Last): void {
    try {
      if (typeof last === 'function') last(this.span)
      else setPlainAttributes(this.span, last)
    } catch (fault) {
      recordFault('api.set', fault)
    }
  }

  rename(name: string): void {
    if (!this.ended) guard('api.rename', () => this.span.updateName(name))
  }

  fail(error: unknown, options?: FailOptions): void {
    if (this.ended) return
    const { kind, attributes } = this.options
    this.failure = guard('api.fail', () =>
      recordFailure(this.span, this.context, error, {
        ...options,
        kind,
        operation: attributes?.[ATTR_GEN_AI_OPERATION_NAME],
      }),
    )
  }

  endSoon(): void {
    if (this.ended) return
    if (this.begun !== undefined) {
      const ends = this.options.onEnd === undefined ? lateEnds(this.begun) : undefined
      if (ends === undefined) return this.end()
      ends.add(this)
    }
    this.ended = true
    this.endTime = performance.now()
  }

  catchUp(): void {
    contextApi.with(this.parent, this.startAndEnd, this)
  }

  private startAndEnd(): void {
    if (this.begun === undefined) this.begin(this.started)
    if (this.ended) this.endSpan()
  }

  end(endTime?: TimeInput): void {
    if (this.ended) return
    const { onEnd } = this.options
    if (onEnd !== undefined) {
      const outcome = { seconds: (performance.now() - this.started) / 1000, failure: this.failure }
      guard('api.onEnd', () => onEnd(outcome))
    }
    // A span that was given its start would else end by another clock.
    this.endTime = endTime ?? (this.late ? performance.now() : undefined)
    this.ended = true
    this.endSpan()
  }

  private endSpan(): void {
    const { span } = this
    this.last?.forEach(this.write, this)
    this.last = undefined
    try {
      addToTally(this.context, this.options.attributes?.[ATTR_GEN_AI_OPERATION_NAME], span)
    } catch (fault) {
      recordFault('api.tally', fault)
    }
    // A processor of somebody else that throws in onEnding would otherwise throw here, into the application.
    try {
      span.end(this.endTime)
    } catch (fault) {
      recordFault('api.end', fault)
    }
  }
}

function startSpan(
  { name, kind, links, tracer = ownTracer() }: OperationOptions,
  attributes: Attributes,
  parent: Context,
  startTime: TimeInput | undefined,
): Span {
  const spanOptions: SpanOptions = { attributes }
  if (kind !== undefined) spanOptions.kind = kind
  if (links !== undefined) spanOptions.links = links
  if (startTime !== undefined) spanOptions.startTime = startTime
  try {
    const span = tracer.startSpan(name, spanOptions, parent)
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
