import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LedgerEntry, Outcome } from './ledger.ts'
import { identifiersFor, type Identifiers } from './identifiers.ts'
import type { Interruption, Reply } from './reply.ts'
import type { Usage } from './token-counter.ts'

/** One request and the answer to it: what endpoints write through, so that the ledger sees every byte's fate. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  readonly requestId: string
  readonly identifiers: Identifiers
  /** Whether answers must not depend on the time. */
  readonly seeded: boolean
  /** Parsed JSON; `{}` without a body, `undefined` when the body is not a JSON object. */
  readonly body: Record<string, unknown> | undefined
  /** What the ledger will say; endpoints fill it in as they learn it. */
  readonly entry: Omit<LedgerEntry, 'sequence'>
}

/** Pieces of a streamed answer: `event` is sent as the SSE event's name where the protocol has names. */
export interface StreamChunk {
  event?: string
  data: string
}

const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 }

/** Starts the book-keeping of one request. */
export function openExchange(
  request: IncomingMessage,
  response: ServerResponse,
  text: string,
  options: { seed: string | undefined; requestIdOf: (identifiers: Identifiers) => string },
): Exchange {
  const body = parseObject(text)
  const attempt = Number(request.headers['x-stainless-retry-count']) || 0
  const identifiers = identifiersFor(options.seed, `${request.method} ${request.url} ${attempt} ${text}`)
  const requestId = options.requestIdOf(identifiers)
  const url = new URL(request.url ?? '/', 'http://localhost')
  return {
    request,
    response,
    url,
    requestId,
    identifiers,
    seeded: options.seed !== undefined,
    body,
    entry: {
      requestId,
      endpoint: `${request.method} ${url.pathname}`,
      model: modelOf(body),
      responseModel: modelOf(body),
      stream: body?.['stream'] === true,
      attempt,
      status: 0,
      outcome: 'complete',
      usageReported: false,
      usage: NO_USAGE,
      startedAt: Date.now(),
      durationMs: 0,
    },
  }
}

/** Answers with a JSON body in one piece. */
export function respondJson(exchange: Exchange, status: number, body: unknown, reply: Reply = {}): void {
  const text = reply.rawBody ?? JSON.stringify(body)
  const { response, entry } = exchange
  entry.status = status
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...reply.headers,
  })
  if (reply.interrupt) {
    response.write(text.slice(0, text.length / 2))
    // An error cannot be told in the middle of a JSON body: it is cut off.
    return breakOff(exchange, reply.interrupt.how === 'hang' ? 'hang' : 'drop')
  }
  if (status >= 400) entry.outcome = 'error'
  response.end(text)
}

/** Answers with server-sent events; resolves when the last byte is written, the client left, or it was broken off. */
export async function respondStream(
  exchange: Exchange,
  chunks: Iterable<StreamChunk>,
  options: { reply: Reply; errorChunk: StreamChunk },
): Promise<void> {
  const { response, entry } = exchange
  const { reply, errorChunk } = options
  entry.status = 200
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...reply.headers,
  })
  let sent = 0
  for (const chunk of chunks) {
    if (response.destroyed) return
    if (reply.interrupt && sent >= reply.interrupt.afterChunks) {
      if (reply.interrupt.how === 'error') response.write(wire(errorChunk))
      return breakOff(exchange, reply.interrupt.how)
    }
    if (sent > 0 && reply.chunkDelay) await sleep(reply.chunkDelay)
    if (!response.write(wire(chunk))) await drained(response)
    sent++
  }
  response.end()
}

/** Sends nothing: breaks the connection, or leaves it waiting. */
export function respondNothing(exchange: Exchange, how: 'drop' | 'hang'): void {
  exchange.entry.outcome = 'dropped'
  if (how === 'drop') exchange.response.destroy()
}

/** Closes the books when the connection is done with this request. */
export function settleExchange(exchange: Exchange, record: (entry: Omit<LedgerEntry, 'sequence'>) => void): void {
  const { entry, response } = exchange
  const started = performance.now()
  response.once('close', () => {
    const cut: Outcome = entry.outcome === 'dropped' ? 'dropped' : 'aborted'
    if (!response.writableFinished) {
      entry.outcome = cut
      entry.usageReported = false
    }
    entry.durationMs = performance.now() - started
    record(entry)
  })
}

function breakOff({ response, entry }: Exchange, how: Interruption['how']): void {
  entry.usageReported = false
  entry.outcome = how === 'error' ? 'error' : 'dropped'
  if (how === 'error') response.end()
  // A hung answer ends when the client or `close()` gives up on it.
  else if (how === 'hang') response.flushHeaders()
  // The bytes so far must reach the client before the reset does.
  else setImmediate(() => response.destroy())
}

/** Resolves when more can be written, or nobody is there to write to. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
}

function wire(chunk: StreamChunk): string {
  return chunk.event === undefined ? `data: ${chunk.data}\n\n` : `event: ${chunk.event}\ndata: ${chunk.data}\n\n`
}

function modelOf(body: Record<string, unknown> | undefined): string {
  const model = body?.['model']
  return typeof model === 'string' ? model : ''
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
