import { type Attributes, type Context, context as contextApi, SpanKind } from '@opentelemetry/api'
import { beforeCall, getAgentName, guard, hasGates, isGateError, isTracingSuppressed, recordFault } from '@agentel/api'
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from '@agentel/semconv'
import { observeApiPromise } from './observe-api-promise.ts'
import { type CallRecording, type CallStart, startRecording } from './call-recording.ts'
import type { Destination, OperationReaders, RequestFacts } from './operation-readers.ts'
import { spanOfOwner } from './ownership.ts'
import type { Invoke, Method, PatchRuntime } from './patch-table.ts'

/** The wrapper of a model client's method: one call, one span. */
export function observeClientCall(readers: OperationReaders, runtime: PatchRuntime): Invoke {
  return (self, args, original) => {
    const parent = contextApi.active()
    if (isTracingSuppressed(parent)) return Reflect.apply(original, self, args)
    const call = readCall(readers, self, args, parent)
    // Before it starts: a gate waits for the spans that are late.
    const stopped = hasGates() ? askGates(readers, call) : undefined
    const recording = tryToStart(readers, runtime, call)
    if (stopped !== undefined) {
      recording?.failed(stopped)
      return readers.reject(self, stopped)
    }
    if (recording === undefined) return Reflect.apply(original, self, args)
    const { prepareArguments } = readers
    const prepared = prepareArguments && guard(`${readers.name}.prepareArguments`, () => prepareArguments(args))
    const sent = prepared ?? args
    const replaced = readers.replaceOwnSpan === undefined ? sent : withoutOwnSpan(readers, call, sent)
    return callObserved(original, self, replaced, recording)
  }
}

/** Under an outer instrumentation's span an SDK that makes spans itself makes none: there is one already. */
function withoutOwnSpan({ name, replaceOwnSpan }: OperationReaders, { parent, ownSpan }: CallStart, args: unknown[]) {
  const silent = ownSpan === undefined || replaceOwnSpan === undefined ? undefined : spanOfOwner(parent)
  if (silent === undefined) return args
  return guard(`${name}.replaceOwnSpan`, () => replaceOwnSpan!(args, silent)) ?? args
}

/** Starts the span of a call that is told by events instead of a method; `undefined` when none can be. */
export function startCallRecording(
  readers: OperationReaders,
  runtime: PatchRuntime,
  event: unknown,
  parent: Context,
): CallRecording | undefined {
  if (isTracingSuppressed(parent)) return undefined
  return tryToStart(readers, runtime, readCall(readers, event, [event], parent))
}

/**
 * Asks whether a call that has been started may be made; for hooks that are allowed to throw.
 *
 * @throws GateError when a gate stops it
 */
export function passGates(readers: OperationReaders, recording: CallRecording): void {
  const stopped = hasGates() ? askGates(readers, recording.call) : undefined
  if (stopped !== undefined) throw stopped
}

/** Each reader is guarded on its own: what one of them cannot read is missing, and the rest is told. */
function readCall(readers: OperationReaders, self: unknown, args: readonly unknown[], parent: Context): CallStart {
  const destination = destinationOf(readers, self)
  const request = requestOf(readers, args, destination)
  const ownSpan = readers.readOwnSpan && guard(`${readers.name}.readOwnSpan`, () => readers.readOwnSpan!(self, args))
  return { destination, request, args, parent, ownSpan }
}

function tryToStart(readers: OperationReaders, runtime: PatchRuntime, call: CallStart): CallRecording | undefined {
  try {
    return startCall(readers, runtime, call)
  } catch (fault) {
    recordFault(`${readers.name}.start`, fault)
    return undefined
  }
}

function destinationOf(readers: OperationReaders, self: unknown): Destination {
  try {
    return readers.readDestination(self)
  } catch (fault) {
    recordFault(`${readers.name}.readDestination`, fault)
    return { provider: '_OTHER' }
  }
}

/** A request that cannot be read (a getter that throws) still is a call. */
function requestOf(readers: OperationReaders, args: readonly unknown[], destination: Destination): RequestFacts {
  try {
    return readers.readRequest(args, destination)
  } catch (fault) {
    recordFault(`${readers.name}.readRequest`, fault)
    return { streaming: false, attributes: {} }
  }
}

function startCall(readers: OperationReaders, { tracer }: PatchRuntime, call: CallStart): CallRecording {
  const { destination, request, parent } = call
  // Not in the literal: V8 leaves its own fast path for a key that is computed there.
  const attributes: Attributes = {}
  attributes[ATTR_GEN_AI_OPERATION_NAME] = readers.operation
  attributes[ATTR_GEN_AI_PROVIDER_NAME] = destination.provider
  if (request.model !== undefined) attributes[ATTR_GEN_AI_REQUEST_MODEL] = request.model
  if (destination.address !== undefined) attributes[ATTR_SERVER_ADDRESS] = destination.address
  if (destination.port !== undefined) attributes[ATTR_SERVER_PORT] = destination.port
  const named = request.model === undefined || readers.nameWithoutModel === true
  const name = named ? readers.operation : `${readers.operation} ${request.model}`
  return startRecording(readers, call, { name, kind: SpanKind.CLIENT, attributes, parent, tracer, late: true })
}

function askGates(readers: OperationReaders, { destination, request, parent }: CallStart): unknown {
  try {
    const agent = getAgentName(parent)
    const maxTokens = request.attributes[ATTR_GEN_AI_REQUEST_MAX_TOKENS]
    beforeCall({
      operation: readers.operation,
      provider: destination.provider,
      context: parent,
      ...(request.model === undefined ? undefined : { model: request.model }),
      ...(agent === undefined ? undefined : { agent }),
      ...(typeof maxTokens === 'number' ? { maxOutputTokens: maxTokens } : undefined),
    })
    return undefined
  } catch (error) {
    return isGateError(error) ? error : undefined
  }
}

function callObserved(original: Method, self: unknown, args: unknown[], recording: CallRecording): unknown {
  let result: unknown
  try {
    result = contextApi.with(recording.context, original as never, self as never, ...(args as never[]))
  } catch (error) {
    recording.failed(error)
    throw error
  }
  if (!recording.recording) return result
  try {
    // Of an unknown shape there is nothing to wait for.
    if (!observeApiPromise(result, recording)) recording.unobservable()
  } catch (fault) {
    recordFault('call.observe', fault)
  }
  return result
}
