import { type Attributes, type Context, diag } from '@opentelemetry/api'
import {
  type CallRequest,
  emitEvent,
  getAgentName,
  guard,
  type Operation,
  type OperationOptions,
  setChunkGaps,
  SEVERITY,
  startOperation,
} from '@agentel/api'
import {
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS,
} from '@agentel/semconv'
import { keepOpen } from './abandoned.ts'
import { encodeForSpan } from './content.ts'
import type { CallObserver } from './observe-api-promise.ts'
import type { Content, Destination, OperationReaders, Outcome, RequestFacts } from './operation-readers.ts'
import { callOwner, type CallOwner } from './ownership.ts'
import type { PatchRuntime } from './patch-table.ts'
import { isTappableStream, type StreamObserver, tapStream } from './stream-tap.ts'

/** A call under way, from its start to the end of its answer. */
export interface CallRecording extends CallObserver, StreamObserver {
  /** The context in which the original method runs. */
  readonly context: Context
  /** What gates are asked. */
  readonly gateRequest: CallRequest
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
}

/** More gaps than this are not kept: a stream that never ends must not grow a list that never ends. */
const MAX_GAPS = 16_384

/** Starts the span of a call, or enriches the span of the outer instrumentation that owns the call. */
export function startRecording(
  readers: OperationReaders,
  runtime: PatchRuntime,
  call: CallStart,
  options: OperationOptions,
): CallRecording {
  const owner = callOwner(call.parent)
  const operation = owner === undefined ? startOperation(options) : ownedOperation(owner, call.parent, options)
  const recording = owner !== undefined || operation.span?.isRecording() === true
  const writer = recordingWriter(readers, runtime, operation, call)
  if (recording) writer.request(options.attributes ?? {})
  const stream = { answer: undefined as unknown, gaps: [] as number[], chunks: 0, last: 0, tapped: false, seen: false }
  const started = performance.now()
  let signal: AbortSignal | undefined

  const finish = (outcome: Outcome, fail?: () => void): void => {
    if (operation.ended) return
    guard(`${readers.name}.finish`, () => {
      if (stream.chunks > 0) writer.response(stream.answer, outcome)
      if (operation.span !== undefined && stream.gaps.length > 0) setChunkGaps(operation.span, stream.gaps)
      fail?.()
      writer.details()
    })
    operation.end()
    keepOpen(result)
  }

  const result: CallRecording = {
    context: operation.context,
    gateRequest: gateRequestOf(readers, call),
    recording,
    value(value) {
      if (stream.seen || operation.ended) return
      stream.seen = true
      if (readers.reduceChunk !== undefined && isTappableStream(value)) {
        stream.tapped = true
        signal = value.controller?.signal
        tapStream(value, result)
      } else writer.response(value, 'complete')
    },
    settled() {
      if (!stream.tapped) finish('complete')
    },
    chunk(chunk) {
      if (operation.ended) return
      const now = performance.now()
      if (stream.chunks === 0) operation.set({ [ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]: (now - started) / 1000 })
      else if (stream.gaps.length < MAX_GAPS) stream.gaps.push((now - stream.last) / 1000)
      stream.last = now
      stream.chunks++
      stream.answer = readers.reduceChunk?.(stream.answer, chunk, writer.withContent)
    },
    finished() {
      // Aborted streams end without an error: the client keeps it to itself.
      if (signal?.aborted === true) finish('failed', () => operation.fail(signal?.reason, CANCELLED))
      else finish('complete')
    },
    left: () => finish('left'),
    abandoned: () => finish('left'),
    raw: () => finish('left'),
    failed: (error) => finish('failed', () => operation.fail(error)),
    unobservable() {
      reportUnknownShape(readers.name)
      finish('left')
    },
  }
  return result
}

const CANCELLED = { type: 'cancelled', message: 'The caller aborted the request.' }

/** Writes what is read of a call, on its span and (when content goes to events) into its details event. */
function recordingWriter(readers: OperationReaders, runtime: PatchRuntime, operation: AnyOperation, call: CallStart) {
  const { content } = runtime
  const withContent = content.onSpans || content.onEvents
  const details: Record<string, unknown> = {}

  const set = (attributes: Attributes): void => {
    operation.set(attributes)
    if (content.onEvents) Object.assign(details, attributes)
  }
  const setContent = (read: (() => Content) | undefined, where: string): void => {
    if (!withContent || read === undefined) return
    const found = guard(`${readers.name}.${where}`, read) ?? {}
    if (content.onEvents) Object.assign(details, found)
    if (!content.onSpans) return
    operation.set(
      Object.fromEntries(
        Object.entries(found).map(([key, value]) => [key, encodeForSpan(value, content)]),
      ) as Attributes,
    )
  }
  return {
    withContent,
    request(start: Attributes): void {
      Object.assign(details, start)
      set(call.request.attributes)
      if (call.request.streaming) set({ [ATTR_GEN_AI_REQUEST_STREAM]: true })
      const { readInput } = readers
      setContent(readInput && (() => readInput(call.args)), 'readInput')
    },
    response(response: unknown, outcome: Outcome): void {
      const read = guard(`${readers.name}.readResponse`, () =>
        readers.readResponse(response, call.destination, outcome),
      )
      if (read !== undefined) set(read)
      const { readOutput } = readers
      setContent(readOutput && (() => readOutput(response)), 'readOutput')
      const failure = guard(`${readers.name}.readFailure`, () => readers.readFailure?.(response))
      if (failure !== undefined) operation.fail(new Error(failure.message), failure)
    },
    details(): void {
      if (!content.onEvents) return
      emitEvent(EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS, details as Attributes, {
        severity: SEVERITY.DEBUG,
        context: operation.context,
      })
    },
  }
}

/** An operation of ours, or the part of it that a call under another's span needs. */
type AnyOperation = Pick<Operation, 'context' | 'set' | 'fail' | 'end' | 'ended'> & {
  readonly span?: Operation['span']
}

/** The owner's span is ended, failed and timed by the owner; here it only learns what the client knows. */
function ownedOperation(owner: CallOwner, context: Context, options: OperationOptions): AnyOperation {
  const state = { ended: false }
  const set = (attributes: Attributes): void => void guard('owner.enrich', () => owner.enrich(attributes))
  set(options.attributes ?? {})
  return {
    context,
    get ended() {
      return state.ended
    },
    set,
    fail: () => undefined,
    end: () => void (state.ended = true),
  }
}

function gateRequestOf(readers: OperationReaders, { destination, request, parent }: CallStart): CallRequest {
  const agent = getAgentName(parent)
  const maxTokens = request.attributes[ATTR_GEN_AI_REQUEST_MAX_TOKENS]
  return {
    operation: readers.operation,
    provider: destination.provider,
    context: parent,
    ...(request.model === undefined ? undefined : { model: request.model }),
    ...(agent === undefined ? undefined : { agent }),
    ...(typeof maxTokens === 'number' ? { maxOutputTokens: maxTokens } : undefined),
  }
}

const reported = new Set<string>()

function reportUnknownShape(name: string): void {
  if (reported.has(name)) return
  reported.add(name)
  diag.warn(
    `agentel: ${name} returned something else than the SDK's promise; its spans have no answer, usage or errors`,
  )
}
