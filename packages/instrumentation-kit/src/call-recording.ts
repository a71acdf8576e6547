import { type Context, diag, type Span } from '@opentelemetry/api'
import { guard, type OperationOptions, setChunkGaps, startOperation } from '@agentel/api'
import { ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK } from '@agentel/semconv'
import { cutTie, type Tie } from './abandoned.ts'
import { type CallWriter, callWriter } from './call-writer.ts'
import type { CallObserver } from './observe-api-promise.ts'
import type { Destination, OperationReaders, Outcome, RequestFacts } from './operation-readers.ts'
import { type AnyOperation, nativeOperation, ownedOperation } from './others-operation.ts'
import { callOwner } from './ownership.ts'
import { isTappableStream, type StreamObserver, tapStream } from './stream-tap.ts'

/** A call under way, from its start to the end of its answer. */
export interface CallRecording extends CallObserver, StreamObserver {
  /** The context in which the original method runs. */
  readonly context: Context
  readonly call: CallStart
  /** Whether anybody records it: otherwise there is nothing to observe. */
  readonly recording: boolean
  /** The method returned something of an unknown shape. */
  unobservable(): void
}

/** What is known of a call before it is made. */
export interface CallStart {
  readonly destination: Destination
  readonly request: RequestFacts
  readonly args: readonly unknown[]
  readonly parent: Context
  /** The span that the SDK makes itself, or the scope under which it will. */
  readonly ownSpan?: Span | string | undefined
}

/** More gaps than this are not kept: a stream that never ends must not grow a list that never ends. */
const MAX_GAPS = 16_384

/** What is kept of a call while it is under way. */
interface CallState {
  readonly readers: OperationReaders
  readonly operation: AnyOperation
  readonly writer: CallWriter
  readonly started: number
  /** The answer, as far as the chunks of a stream have brought it. */
  answer: unknown
  readonly gaps: number[]
  chunks: number
  lastChunk: number
  seen: boolean
  streamed: boolean
  signal: AbortSignal | undefined
  tie: Tie | undefined
}

function operationFor({ parent, ownSpan }: CallStart, options: OperationOptions): AnyOperation {
  const owner = callOwner(parent)
  if (owner !== undefined) return ownedOperation(owner, parent, options)
  return ownSpan === undefined ? startOperation(options) : nativeOperation(ownSpan, parent, options)
}

/** Starts the span of a call, or enriches the span of the outer instrumentation that owns the call. */
export function startRecording(readers: OperationReaders, call: CallStart, options: OperationOptions): CallRecording {
  const started = performance.now()
  const operation = operationFor(call, options)
  const recording = operation.span === undefined || operation.span.isRecording()
  const writer = callWriter(readers, operation, call)
  if (recording) writer.request(options.attributes ?? {})
  const state: CallState = {
    readers,
    operation,
    writer,
    started,
    answer: undefined,
    gaps: [],
    chunks: 0,
    lastChunk: 0,
    seen: false,
    streamed: false,
    signal: undefined,
    tie: undefined,
  }
  return { call, context: operation.context, recording, ...observerOf(state) }
}

function observerOf(state: CallState): Omit<CallRecording, 'call' | 'context' | 'recording'> {
  const { operation, readers } = state
  const observer = {
    value: (value: unknown) => {
      if (state.seen || operation.ended) return
      state.seen = true
      if (readers.reduceChunk === undefined || !isTappableStream(value)) return state.writer.response(value, 'complete')
      state.streamed = true
      state.signal = value.controller?.signal
      state.tie = tapStream(value, observer)
    },
    settled: () => {
      if (!state.streamed) finish('complete')
    },
    chunk: (chunk: unknown) => addChunk(state, chunk),
    finished: () => {
      // The client ends an aborted stream without an error.
      if (state.signal?.aborted === true) finish('failed', () => operation.fail(state.signal?.reason, CANCELLED))
      else finish('complete')
    },
    left: () => finish('left'),
    abandoned: () => finish('left'),
    raw: () => finish('left'),
    failed: (error: unknown) => finish('failed', () => operation.fail(error)),
    unobservable: () => {
      reportUnknownShape(readers.name)
      finish('left')
    },
  }
  const finish = (outcome: Outcome, fail?: () => void): void => {
    if (operation.ended) return
    guard(`${readers.name}.finish`, () => writeEnd(state, outcome, fail))
    operation.end()
    cutTie(state.tie)
  }
  return observer
}

function addChunk(state: CallState, chunk: unknown): void {
  if (state.operation.ended) return
  const now = performance.now()
  if (state.chunks === 0) {
    state.operation.set({ [ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]: (now - state.started) / 1000 })
  } else if (state.gaps.length < MAX_GAPS) state.gaps.push((now - state.lastChunk) / 1000)
  state.lastChunk = now
  state.chunks++
  state.answer = state.readers.reduceChunk?.(state.answer, chunk, state.writer.withContent)
}

function writeEnd({ operation, writer, answer, chunks, gaps }: CallState, outcome: Outcome, fail?: () => void): void {
  if (chunks > 0) writer.response(answer, outcome)
  if (operation.span !== undefined && gaps.length > 0) setChunkGaps(operation.span, gaps)
  fail?.()
  writer.details()
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
