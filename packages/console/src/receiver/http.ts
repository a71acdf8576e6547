import type { IncomingMessage, ServerResponse } from 'node:http'
import { finished } from 'node:stream/promises'
import { promisify } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import { encodeMessage } from '../otlp/encode.ts'
import { RPC_STATUS } from '../otlp/responses.ts'
import type { Signal } from '../store/store.ts'
import type { Intake, IntakeAnswer } from './intake.ts'

const unzip = { gzip: promisify(gunzip), deflate: promisify(inflate) }

/** Limits of a request's body. */
export interface BodyLimits {
  /** Bytes, as sent and unpacked. */
  readonly maxBodyBytes: number
}

const PATHS: Readonly<Record<string, Signal>> = {
  '/v1/traces': 'traces',
  '/v1/metrics': 'metrics',
  '/v1/logs': 'logs',
}

/** The signal that a path receives; undefined for other paths. */
export function signalOfPath(path: string): Signal | undefined {
  return PATHS[path]
}

/** What goes wrong with a request before it is a body. */
class HttpProblem extends Error {
  readonly status: number
  readonly reason: string
  constructor(status: number, reason: string, message: string) {
    super(message)
    this.status = status
    this.reason = reason
  }
}

type Encoding = 'protobuf' | 'json'

function encodingOf(request: IncomingMessage): Encoding {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf'
  if (type === 'application/json') return 'json'
  throw new HttpProblem(
    415,
    'content_type',
    `content-type "${type}" is not OTLP; send application/x-protobuf or application/json`,
  )
}

function tooLarge(limits: BodyLimits): HttpProblem {
  return new HttpProblem(
    413,
    'too_large',
    `the body is larger than ${limits.maxBodyBytes} bytes; send smaller batches, or start the console with a larger --max-body`,
  )
}

function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > limits.maxBodyBytes) return Promise.reject(tooLarge(limits))
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let size = 0
    request.on('data', (part: Buffer) => {
      size += part.length
      if (size > limits.maxBodyBytes) {
        request.removeAllListeners('data')
        reject(tooLarge(limits))
      } else parts.push(part)
    })
    request.on('end', () => resolve(Buffer.concat(parts, size)))
    request.on('error', reject)
    request.on('aborted', () => reject(new HttpProblem(400, 'aborted', 'the sender closed the connection')))
  })
}

async function unpack(body: Buffer, encoding: string | undefined, limits: BodyLimits): Promise<Buffer> {
  if (encoding === undefined || encoding === '' || encoding === 'identity') return body
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    throw new HttpProblem(415, 'content_encoding', `content-encoding "${encoding}" is not supported; send gzip or none`)
  }
  try {
    return await unzip[encoding](body, { maxOutputLength: limits.maxBodyBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limits)
    throw new HttpProblem(400, 'bad_body', `the body is not ${encoding}: ${(error as Error).message}`)
  }
}

/** google.rpc codes that OTLP over HTTP puts beside the status. */
const RPC_CODES: Readonly<Record<number, number>> = { 400: 3, 413: 8, 415: 3, 503: 14 }

function sendFailure(response: ServerResponse, encoding: Encoding, status: number, message: string): void {
  const code = RPC_CODES[status] ?? 2
  const body =
    encoding === 'json' ? Buffer.from(JSON.stringify({ code, message })) : encodeMessage(RPC_STATUS, { code, message })
  response.writeHead(status, {
    'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
    'content-length': body.length,
  })
  response.end(body)
}

function sendAnswer(response: ServerResponse, encoding: Encoding, answer: IntakeAnswer): void {
  if (answer.kind === 'malformed') return sendFailure(response, encoding, 400, answer.reason)
  if (answer.kind === 'unavailable') {
    response.setHeader('retry-after', answer.retryAfter)
    return sendFailure(response, encoding, 503, answer.reason)
  }
  const body = encoding === 'json' ? answer.response.json : answer.response.protobuf
  response.writeHead(200, {
    'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

/** Milliseconds that the rest of a refused body is read and thrown away: a sender that is cut off never sees why, and tries again. */
const DRAIN_MS = 2000

/** Answers a request whose body may not have been read to its end; one that does not end in time loses its connection. */
async function answerEarly(request: IncomingMessage, response: ServerResponse, send: () => void): Promise<void> {
  if (!request.complete) {
    request.resume()
    await finished(request, { signal: AbortSignal.timeout(DRAIN_MS) }).catch(() => undefined)
    if (!request.complete) response.setHeader('connection', 'close')
  }
  send()
}

/** Answers a POST of OTLP over HTTP. */
export async function receiveHttp(
  request: IncomingMessage,
  response: ServerResponse,
  signal: Signal,
  intake: Intake,
  limits: BodyLimits,
): Promise<void> {
  let encoding: Encoding = request.headers['content-type']?.startsWith('application/x-protobuf') ? 'protobuf' : 'json'
  try {
    if (request.method !== 'POST') {
      response.setHeader('allow', 'POST')
      throw new HttpProblem(405, 'method', `${request.method} is not how OTLP is sent; POST it`)
    }
    const type = (encoding = encodingOf(request))
    const answer = await intake.admit(async () => {
      const body = await unpack(await readBody(request, limits), request.headers['content-encoding'], limits)
      return intake.accept(signal, type, body)
    })
    await answerEarly(request, response, () => sendAnswer(response, type, answer))
  } catch (error) {
    if (!(error instanceof HttpProblem)) throw error
    intake.reject(error.reason)
    await answerEarly(request, response, () => sendFailure(response, encoding, error.status, error.message))
  }
}
