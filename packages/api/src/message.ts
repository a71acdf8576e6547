import { SpanKind } from '@opentelemetry/api'
import {
  ATTR_AGENTEL_MESSAGE_BODY_SIZE,
  ATTR_AGENTEL_MESSAGE_ID,
  ATTR_AGENTEL_MESSAGE_SOURCE_NAME,
  ATTR_AGENTEL_MESSAGE_TARGET_NAME,
  ATTR_AGENTEL_MESSAGE_TYPE,
  ATTR_ERROR_TYPE,
  EVENT_AGENTEL_MESSAGE_RECEIVED,
  EVENT_AGENTEL_MESSAGE_SENT,
} from '@agentel/semconv'
import { injectContext, receivedFrom } from './carrier.ts'
import { type Handle, type Runner, type SpanOptions, type Starter, type Wrapper, defineConcept } from './concept.ts'
import { contentText } from './content-capture.ts'
import { getAgentName } from './identity.ts'
import { SEVERITY, emitEvent } from './log-events.ts'

/** A message between agents. */
export interface MessageOptions extends SpanOptions {
  /** The agent that sends; when sending, the one at work by default. */
  readonly source?: string
  /** The agent that gets it; when receiving, the one at work by default. */
  readonly target?: string
  /** Low-cardinality type: `request`. */
  readonly type?: string
  readonly id?: string
  /** Only its size in bytes is recorded. */
  readonly body?: unknown
  /** Headers or metadata of the message: the trace context is written to and read from them. */
  readonly carrier?: object
  /** Whether the sender waits for the answer: the kinds are CLIENT and SERVER then, else PRODUCER and CONSUMER. */
  readonly isRequest?: boolean
}

/** A message to another agent. */
export interface SendOptions extends MessageOptions {
  readonly target: string
  /** `false`: the receiver must not know whose work this is. */
  readonly identity?: boolean
}

/** A message from another agent. */
export interface ReceiveOptions extends MessageOptions {
  readonly source: string
  /** `false`: the sender's word about whose work this is must not be taken. */
  readonly accept?: boolean
}

const sending = defineConcept<SendOptions>({
  key: 'target',
  describe: (options, parent) => ({
    name: `send ${options.target}`,
    kind: options.isRequest === true ? SpanKind.CLIENT : SpanKind.PRODUCER,
    attributes: messageAttributes({ ...options, source: options.source ?? getAgentName(parent) }),
  }),
  begin(operation, options) {
    const { carrier, identity, source } = options
    const { context } = operation
    if (carrier !== undefined)
      injectContext(carrier, { context, ...(identity === undefined ? undefined : { identity }) })
    return {
      methods: {},
      onEnd({ failure }) {
        const attributes = messageAttributes({ ...options, source: source ?? getAgentName(context) })
        emitEvent(
          EVENT_AGENTEL_MESSAGE_SENT,
          { ...attributes, [ATTR_ERROR_TYPE]: failure?.type },
          { severity: SEVERITY.INFO, context },
        )
      },
    }
  },
})

const receiving = defineConcept<ReceiveOptions>({
  key: 'source',
  describe: (options, context) => ({
    ...receivedFrom(options.carrier, context, options.accept),
    name: `process ${options.source}`,
    kind: options.isRequest === true ? SpanKind.SERVER : SpanKind.CONSUMER,
    attributes: messageAttributes({ ...options, target: options.target ?? getAgentName(context) }),
  }),
  begin(operation, options) {
    const { context } = operation
    const attributes = messageAttributes({ ...options, target: options.target ?? getAgentName(context) })
    emitEvent(EVENT_AGENTEL_MESSAGE_RECEIVED, attributes, { severity: SEVERITY.INFO, context })
    return { methods: {} }
  },
})

interface MessageFacts {
  source?: string | undefined
  target?: string | undefined
  type?: string
  id?: string
  body?: unknown
}

function messageAttributes({ source, target, type, id, body }: MessageFacts): Record<string, unknown> {
  return {
    [ATTR_AGENTEL_MESSAGE_SOURCE_NAME]: source,
    [ATTR_AGENTEL_MESSAGE_TARGET_NAME]: target,
    [ATTR_AGENTEL_MESSAGE_TYPE]: type,
    [ATTR_AGENTEL_MESSAGE_ID]: id,
    [ATTR_AGENTEL_MESSAGE_BODY_SIZE]: sizeOf(body),
  }
}

function sizeOf(body: unknown): number | undefined {
  if (body === undefined) return undefined
  return body instanceof Uint8Array ? body.byteLength : Buffer.byteLength(contentText(body))
}

/**
 * A message to another agent: span `send {target}`, event `agentel.message.sent`. With a `carrier` the receiver's span
 * joins the trace, in whatever process it is.
 *
 * @example
 * const message = { body, headers: {} }
 * await sendMessage({ target: 'writer', type: 'request', body, carrier: message.headers }, () => queue.put(message))
 */
export const sendMessage: Runner<SendOptions, Handle> = sending.run
/** Starts sending by hand; see {@link sendMessage}. */
export const startSendMessage: Starter<SendOptions, Handle> = sending.start
/** Makes every call of a function the sending of a message; see {@link sendMessage}. */
export const wrapSendMessage: Wrapper<SendOptions> = sending.wrap

/**
 * The processing of a message from another agent: span `process {source}`, child of the sender's span and linked to
 * it, and event `agentel.message.received`.
 *
 * @example
 * await receiveMessage({ source: 'planner', carrier: message.headers }, () => write(message.body))
 */
export const receiveMessage: Runner<ReceiveOptions, Handle> = receiving.run
/** Starts processing by hand; see {@link receiveMessage}. */
export const startReceiveMessage: Starter<ReceiveOptions, Handle> = receiving.start
/** Makes every call of a function the processing of a message; see {@link receiveMessage}. */
export const wrapReceiveMessage: Wrapper<ReceiveOptions> = receiving.wrap
