import { context, type Span } from '@opentelemetry/api'
import { guard } from '@agentel/api'
import { type Invoke, type OperationReaders, spanOfOwner } from '@agentel/instrumentation-kit'
import { GEN_AI_OPERATION_NAME_VALUE_CHAT } from '@agentel/semconv'
import { type Client, readDestination } from './destination.ts'
import { reduceMessageEvent } from './message-events.ts'
import { readMessagesRequest, readMessagesResponse } from './messages.ts'
import { readMessagesInput, readMessagesOutput } from './messages-content.ts'

/** `messages.create` and `beta.messages.create` */
export function messages(name: string): OperationReaders {
  return {
    name,
    operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
    readDestination,
    readOwnSpan,
    replaceOwnSpan,
    readRequest: readMessagesRequest,
    readResponse: readMessagesResponse,
    reduceChunk: reduceMessageEvent,
    readInput: readMessagesInput,
    readOutput: readMessagesOutput,
    reject,
  }
}

/** Begins the scope of the spans that the client makes itself; another platform's client adds its name. */
const OWN_SCOPE = 'com.anthropic.sdk.typescript'

/**
 * A client that traces has a tracer (0.133 and later); one that was told not to has none. The `stream()` helper has
 * started the span already, and hands it to `create()` among the options.
 */
function readOwnSpan(resource: unknown, [, options]: readonly unknown[]): Span | string | undefined {
  if ((resource as { _client?: Client })._client?._tracer === undefined) return undefined
  return (options as { __span?: { span?: Span } } | undefined)?.__span?.span ?? OWN_SCOPE
}

/** The client takes the span that it finds among a request's options for the call's. */
function replaceOwnSpan([body, options, ...rest]: readonly unknown[], span: Span): unknown[] {
  const call = { span, name: 'anthropic.messages.create', startTime: Date.now() }
  return [body, { ...(options as object | undefined), __span: call }, ...rest]
}

/** The `stream()` helper starts the span before it calls `create()`, unless it is given one. */
export function streamUnderOwner(): Invoke {
  return (resource, args, original) => {
    const silent = guard('anthropic.stream', () =>
      readOwnSpan(resource, args) === undefined ? undefined : spanOfOwner(context.active()),
    )
    return Reflect.apply(original, resource, silent === undefined ? args : replaceOwnSpan(args, silent))
  }
}

/** A promise of the client's own kind: it rejects a request whose options do not come. Nothing is sent. */
function reject(resource: unknown, error: unknown): unknown {
  const rejected = Promise.reject(error)
  const client = (resource as { _client?: Client })._client
  return typeof client?.request === 'function' ? client.request(rejected) : rejected
}
