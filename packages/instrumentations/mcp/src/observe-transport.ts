import { context as contextApi } from '@opentelemetry/api'
import { guard } from '@agentel/api'
import type { PatchRuntime } from '@agentel/instrumentation-kit'
import { MCP_METHOD_NAME_VALUE_INITIALIZE, MCP_METHOD_NAME_VALUE_NOTIFICATIONS_CANCELLED } from '@agentel/semconv'
import type { Conversation, ConversationOptions } from './conversation.ts'
import { kindOf, type Message } from './message.ts'
import { openRequests, type OpenRequest } from './open-requests.ts'
import { recordAnswer, recordCancelled, recordClosed } from './outcome.ts'
import { receiveRequest, senderOf } from './receiving.ts'
import { type Outgoing, sendNotification, sendRequest, setResultContent } from './sending.ts'
import { createSession } from './session.ts'
import { sessionFacts, transportFacts } from './transport-facts.ts'

export type { ConversationOptions } from './conversation.ts'

type Method = (this: unknown, ...args: unknown[]) => unknown
type Holder = Record<string, unknown>

/** Transports, with what watches their next start: one that was closed may be connected again. */
const observed = new WeakMap<object, () => void>()

/**
 * Looks on at what passes over a transport. Every request of either direction, of any helper of the SDK, of any version
 * of it, goes through `send` and `onmessage`.
 */
export function observeTransport(transport: unknown, runtime: PatchRuntime, options: ConversationOptions): void {
  if (typeof transport !== 'object' || transport === null) return
  const known = observed.get(transport)
  if (known !== undefined) return known()
  const holder = transport as Holder
  if (typeof holder.send !== 'function' || typeof holder.start !== 'function') return
  const conversation: Conversation = {
    transport,
    facts: transportFacts(transport),
    options,
    session: createSession(),
    tracer: () => runtime.tracer,
    sent: openRequests(),
    received: openRequests(),
  }
  shadow(holder, 'send', (original) => sendThrough(conversation, original))
  const watchNext = startWatcher(conversation, holder)
  observed.set(transport, watchNext)
  watchNext()
}

/** Watches one start of the transport each time it is called. */
function startWatcher(conversation: Conversation, holder: Holder): () => void {
  let isWaiting = false
  let starts = 0
  return () => {
    if (isWaiting) return
    isWaiting = true
    // By then the protocol has put its handlers in place, and no message has come yet.
    const restore = shadow(
      holder,
      'start',
      (original) =>
        function start(this: unknown, ...args) {
          isWaiting = false
          restore()
          const mine = ++starts
          guard('mcp.handlers', () => watchHandlers(conversation, holder, () => mine === starts))
          return Reflect.apply(original, this, args)
        },
    )
  }
}

/** Puts a wrapper in the place of a method, unseen by those who list properties; gives back how to undo it. */
function shadow(holder: Holder, name: string, wrap: (original: Method) => Method): () => void {
  const own = Object.getOwnPropertyDescriptor(holder, name)
  const value = wrap(holder[name] as Method)
  Object.defineProperty(holder, name, {
    value,
    configurable: true,
    writable: true,
    enumerable: own?.enumerable ?? false,
  })
  return () => {
    if (own === undefined) delete holder[name]
    else Object.defineProperty(holder, name, own)
  }
}

function sendThrough(conversation: Conversation, original: Method): Method {
  return function send(this: unknown, message, ...rest) {
    const outgoing = guard('mcp.send', () => outgoingOf(conversation, message, rest[0]))
    if (outgoing === undefined) return Reflect.apply(original, this, [message, ...rest])
    const failed = (error: unknown): void => void guard('mcp.failed', () => outgoing.failed(error))
    let result: unknown
    try {
      result = contextApi.with(outgoing.context, original, this, outgoing.message, ...rest)
    } catch (error) {
      failed(error)
      throw error
    }
    // The protocol handles the rejection of every request that it sends.
    if (result instanceof Promise) result.then(undefined, failed)
    return result
  }
}

function outgoingOf(conversation: Conversation, message: unknown, options: unknown): Outgoing | undefined {
  switch (kindOf(message)) {
    case 'request':
      return sendRequest(conversation, message as Message, (options as { requestSignal?: unknown })?.requestSignal)
    case 'notification':
      takeCancellation(conversation.sent, message as Message)
      return sendNotification(conversation, message as Message)
    case 'response':
      takeAnswer(conversation, message as Message, 'server')
      return undefined
    case 'other':
      return undefined
  }
}

/** @param isCurrent false for the handlers of an earlier connection, which the protocol still calls inside of its own */
function watchHandlers(conversation: Conversation, holder: Holder, isCurrent: () => boolean): void {
  const { onmessage, onclose } = holder
  if (typeof onmessage === 'function') {
    holder.onmessage = function received(this: unknown, message: unknown, ...rest: unknown[]) {
      if (!isCurrent()) return Reflect.apply(onmessage, this, [message, ...rest])
      const context = guard('mcp.receive', () => incoming(conversation, message)) ?? contextApi.active()
      return contextApi.with(context, onmessage as Method, this, message, ...rest)
    }
  }
  holder.onclose = function closed(this: unknown, ...args: unknown[]) {
    if (isCurrent()) guard('mcp.close', () => close(conversation))
    return typeof onclose === 'function' ? Reflect.apply(onclose, this, args) : undefined
  }
}

function incoming(conversation: Conversation, message: unknown) {
  const ambient = contextApi.active()
  switch (kindOf(message)) {
    case 'request':
      return receiveRequest(conversation, message as Message)
    case 'notification':
      takeCancellation(conversation.received, message as Message)
      return senderOf(conversation, message as Message, ambient)
    case 'response':
      takeAnswer(conversation, message as Message, 'client')
      return ambient
    case 'other':
      return ambient
  }
}

/** An answer ends the span of its request: one that came on the client's side, one that goes on the server's. */
function takeAnswer(conversation: Conversation, message: Message, side: 'client' | 'server'): void {
  const requests = side === 'client' ? conversation.sent : conversation.received
  requests.settle(message.id, ({ operation, method, borrowed }: OpenRequest) => {
    const version = message.result?.protocolVersion
    if (method === MCP_METHOD_NAME_VALUE_INITIALIZE && typeof version === 'string')
      conversation.session.version = version
    operation.set(sessionFacts(conversation.transport))
    if (!borrowed) setResultContent(operation, method, message)
    recordAnswer(operation, message, side)
  })
}

function takeCancellation(requests: Conversation['sent'], { method, params }: Message): void {
  if (method !== MCP_METHOD_NAME_VALUE_NOTIFICATIONS_CANCELLED) return
  requests.settle(params?.requestId, ({ operation }) => recordCancelled(operation, params?.reason))
}

function close(conversation: Conversation): void {
  const { sent, received, session, facts, transport } = conversation
  const cutOff = sent.size + received.size > 0
  for (const requests of [sent, received]) requests.settleAll(({ operation }) => recordClosed(operation))
  const kept = !facts.remote || (transport as { sessionId?: unknown }).sessionId !== undefined
  session.end(facts.attributes, cutOff, kept)
}
