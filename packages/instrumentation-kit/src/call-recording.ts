import { type Attributes, type Context, diag, type Span } from '@opentelemetry/api'
import { type FailOptions, type OperationOptions, recordFault, setChunkGaps, startOperation } from '@agentel/api'
import { ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK } from '@agentel/semconv'
import { cutTie, type Tie } from './abandoned.ts'
import { CallWriter } from './call-writer.ts'
import type { CallObserver } from './observe-api-promise.ts'
import type { Destination, OperationReaders, Outcome, RequestFacts } from './operation-readers.ts'
import { type AnyOperation, nativeOperation, OwnedOperation } from './others-operation.ts'
import { callOwner } from './ownership.ts'
import { isTappableStream, type StreamObserver, tapStream } from './stream-tap.ts'

/** What is known of a call before it is made. */
export interface CallStart {
  readonly destination: Destination
  readonly request: RequestFacts
  readonly args: readonly unknown[]
  readonly parent: Context
  /** The span that the SDK makes itself, or the scope under which it will. */
  readonly ownSpan?: Span | string | undefined
}

/** Kept beside: the global one is behind a getter, which is asked for each chunk. */
const clock = performance

/** More gaps than this are not kept: a stream that never ends must not grow a list that never ends. */
const MAX_GAPS = 16_384

function operationFor({ parent, ownSpan }: CallStart, options: OperationOptions): AnyOperation {
  const owner = callOwner(parent)
  if (owner !== undefined) return new OwnedOperation(owner, parent, options)
  return ownSpan === undefined ? startOperation(options) : nativeOperation(ownSpan, parent, options)
}

/** Starts the span of a call, or enriches the span of the outer instrumentation that owns the call. */
export function startRecording(readers: OperationReaders, call: CallStart, options: OperationOptions): CallRecording {
  const started = clock.now()
  const recording = new CallRecording(readers, call, operationFor(call, options), started)
  if (recording.recording) recording.writer.request(options.attributes ?? {})
  return recording
}

/**
 * A call under way, from its start to the end of its answer. A class, since one is made for each call: ten functions
 * of its own would cost more than what they do. Its fields are only declared: those with a `#`, and those that are
 * defined before they are set, cost several times as much until V8 has optimised the code, which takes some thousand
 * calls.
 */
export class CallRecording implements CallObserver, StreamObserver {
  declare readonly call: CallStart
  declare readonly writer: CallWriter
  /** Whether anybody records it: otherwise there is nothing to observe. */
  declare readonly recording: boolean
  declare private readonly readers: OperationReaders
  declare private readonly operation: AnyOperation
  declare private readonly started: number
  /** The answer, as far as the chunks of a stream have brought it. */
  declare private answer: unknown
  declare private gaps: number[] | undefined
  declare private chunks: number
  declare private firstChunk: number
  declare private lastChunk: number
  declare private seen: boolean
  declare private streamed: boolean
  declare private told: boolean
  declare private signal: AbortSignal | undefined
  declare private tie: Tie | undefined

  constructor(readers: OperationReaders, call: CallStart, operation: AnyOperation, started: number) {
    this.call = call
    this.writer = new CallWriter(readers, operation, call)
    this.recording = operation.recording
    this.readers = readers
    this.operation = operation
    this.started = started
    this.answer = undefined
    this.gaps = undefined
    this.chunks = 0
    this.firstChunk = started
    this.lastChunk = started
    this.seen = false
    this.streamed = false
    this.told = false
    this.signal = undefined
    this.tie = undefined
  }

  /** The context in which the original method runs. */
  get context(): Context {
    return this.operation.context
  }

  /** The call's span, or that of the instrumentation that owns the call. */
  get span(): Span | undefined {
    return this.operation.span
  }

  /** Whether the call is over, as far as its span goes. */
  get ended(): boolean {
    return this.operation.ended
  }

  /** Adds what somebody else knows of the call: the client that carries it out, and that tells its details. */
  enrich(attributes: Attributes): void {
    this.told = true
    this.operation.set(attributes)
  }

  /** The caller cut the call off. */
  cancelled(reason: unknown): void {
    this.finish('failed', reason, CANCELLED)
  }

  value(value: unknown): void {
    if (this.seen || this.operation.ended) return
    this.seen = true
    if (this.readers.reduceChunk === undefined || !isTappableStream(value)) {
      this.writer.response(value, 'complete')
      return
    }
    this.streamed = true
    this.signal = value.controller?.signal
    this.tie = tapStream(value, this)
  }

  settled(): void {
    if (!this.streamed) this.finish('complete')
  }

  chunk(chunk: unknown): void {
    if (this.operation.ended) return
    const now = clock.now()
    const count = this.chunks++
    if (count === 0) this.firstChunk = now
    else if (count <= MAX_GAPS) (this.gaps ??= []).push((now - this.lastChunk) / 1000)
    this.lastChunk = now
    // A framework that tells only that a chunk has come has nothing to reduce.
    this.answer = this.readers.reduceChunk?.(this.answer, chunk, this.writer.withContent)
  }

  finished(): void {
    // The client ends an aborted stream without an error.
    if (this.signal?.aborted === true) this.finish('failed', this.signal.reason, CANCELLED)
    else this.finish('complete')
  }

  left(): void {
    this.finish('left')
  }

  abandoned(): void {
    this.finish('left')
  }

  raw(): void {
    this.finish('left')
  }

  failed(error: unknown, options?: FailOptions): void {
    this.finish('failed', error, options)
  }

  /** The method returned something of an unknown shape. */
  unobservable(): void {
    reportUnknownShape(this.readers.name)
    this.finish('left')
  }

  private finish(outcome: Outcome, error?: unknown, options?: FailOptions): void {
    const operation = this.operation
    if (operation.ended) return
    try {
      if (this.chunks > 0) this.writeStream(outcome)
      if (outcome === 'failed') operation.fail(error, options)
      if (!this.told) this.writer.details()
    } catch (fault) {
      recordFault(`${this.readers.name}.finish`, fault)
    }
    // One that failed may be the last that the process does.
    if (outcome === 'complete') operation.endSoon()
    else operation.end()
    cutTie(this.tie)
  }

  private writeStream(outcome: Outcome): void {
    const { gaps } = this
    const attributes: Attributes = {}
    attributes[ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK] = (this.firstChunk - this.started) / 1000
    this.operation.setLast(attributes)
    this.writer.response(this.answer, outcome)
    if (gaps !== undefined) this.operation.setLast((span) => setChunkGaps(span, gaps))
  }
}

const CANCELLED = { type: 'cancelled', message: 'The caller aborted the request.' }

const reported = new Set<string>()

function reportUnknownShape(name: string): void {
  if (reported.has(name)) return
  reported.add(name)
  diag.warn(
    `agentel: ${name} returned something else than the SDK's promise; its spans have no answer, usage or errors`,
  )
}
