import {
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { hasToken } from '../server/access.ts'
import { openSink, sinkBytes, writeBytes, writeVarint } from '../otlp/wire.ts'
import type { Signal } from '../store/store.ts'
import type { BodyLimits } from './http.ts'
import type { Intake, IntakeAnswer } from './intake.ts'

const unzip = promisify(gunzip)

const METHODS: Readonly<Record<string, Signal>> = {
  '/opentelemetry.proto.collector.trace.v1.TraceService/Export': 'traces',
  '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export': 'metrics',
  '/opentelemetry.proto.collector.logs.v1.LogsService/Export': 'logs',
}

/** gRPC status codes that we give. */
const INVALID_ARGUMENT = 3
const RESOURCE_EXHAUSTED = 8
const UNIMPLEMENTED = 12
const INTERNAL = 13
const UNAVAILABLE = 14
const UNAUTHENTICATED = 16

const PREFIX = 5

class GrpcProblem extends Error {
  readonly code: number
  readonly retryAfter: number | undefined
  constructor(code: number, message: string, retryAfter?: number) {
    super(message)
    this.code = code
    this.retryAfter = retryAfter
  }
}

/** `google.rpc.Status` with a `RetryInfo`, which tells OTLP senders when to try again. */
function statusDetails(problem: GrpcProblem, seconds: number): string {
  const nested = (parts: readonly (readonly [tag: number, value: number | Uint8Array])[]): Buffer => {
    const sink = openSink(128)
    for (const [tag, value] of parts) {
      writeVarint(sink, tag)
      writeVarint(sink, typeof value === 'number' ? value : value.length)
      if (typeof value !== 'number') writeBytes(sink, value)
    }
    return Buffer.from(sinkBytes(sink))
  }
  const retryInfo = nested([[0x0a, nested([[0x08, seconds]])]])
  const any = nested([
    [0x0a, Buffer.from('type.googleapis.com/google.rpc.RetryInfo')],
    [0x12, retryInfo],
  ])
  return nested([
    [0x08, problem.code],
    [0x12, Buffer.from(problem.message)],
    [0x1a, any],
  ]).toString('base64')
}

function trailersOf(problem: GrpcProblem | undefined): Record<string, string> {
  if (problem === undefined) return { 'grpc-status': '0' }
  return {
    'grpc-status': String(problem.code),
    'grpc-message': encodeURIComponent(problem.message),
    ...(problem.retryAfter === undefined
      ? {}
      : { 'grpc-status-details-bin': statusDetails(problem, problem.retryAfter) }),
  }
}

function sendMessage(stream: ServerHttp2Stream, message: Uint8Array): void {
  const frame = Buffer.alloc(PREFIX + message.length)
  frame.writeUInt32BE(message.length, 1)
  frame.set(message, PREFIX)
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers(trailersOf(undefined)))
  stream.end(frame)
}

function sendProblem(stream: ServerHttp2Stream, problem: GrpcProblem): void {
  if (stream.closed || stream.destroyed) return
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...trailersOf(problem) }, { endStream: true })
}

function readFrame(stream: ServerHttp2Stream, limits: BodyLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let size = 0
    stream.on('data', (part: Buffer) => {
      size += part.length
      if (size > limits.maxBodyBytes + PREFIX) {
        stream.removeAllListeners('data')
        stream.resume()
        reject(tooLarge(limits))
      } else parts.push(part)
    })
    stream.on('end', () => resolve(Buffer.concat(parts, size)))
    stream.on('error', reject)
    stream.on('aborted', () => reject(new GrpcProblem(INVALID_ARGUMENT, 'the sender closed the stream')))
  })
}

function tooLarge(limits: BodyLimits): GrpcProblem {
  return new GrpcProblem(
    RESOURCE_EXHAUSTED,
    `the message is larger than ${limits.maxBodyBytes} bytes; send smaller batches`,
  )
}

async function messageOf(frame: Buffer, headers: IncomingHttpHeaders, limits: BodyLimits): Promise<Buffer> {
  if (frame.length < PREFIX || frame.readUInt32BE(1) !== frame.length - PREFIX) {
    throw new GrpcProblem(INVALID_ARGUMENT, 'the call does not hold exactly one whole message')
  }
  const message = frame.subarray(PREFIX)
  if (frame[0] === 0) return message
  const encoding = headers['grpc-encoding']
  if (encoding !== 'gzip') {
    throw new GrpcProblem(UNIMPLEMENTED, `compression "${String(encoding)}" is not supported; send gzip or none`)
  }
  try {
    return await unzip(message, { maxOutputLength: limits.maxBodyBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limits)
    throw new GrpcProblem(INVALID_ARGUMENT, `the message is not gzip: ${(error as Error).message}`)
  }
}

function responseOf(answer: IntakeAnswer): Buffer {
  if (answer.kind === 'malformed') throw new GrpcProblem(INVALID_ARGUMENT, answer.reason)
  if (answer.kind === 'unavailable') throw new GrpcProblem(UNAVAILABLE, answer.reason, answer.retryAfter)
  return answer.response.protobuf
}

/** The server, and how to end it: HTTP/2 sessions stay open until someone closes them. */
export interface GrpcServer {
  readonly server: Http2Server
  close(): Promise<void>
}

/** Settings of the gRPC receiver. */
export interface GrpcOptions extends BodyLimits {
  readonly token: string | undefined
}

/**
 * OTLP over gRPC: three unary calls over HTTP/2 without TLS. gRPC's own library costs a third of the throughput for what is
 * a five-byte frame and two trailers.
 */
export function createGrpcServer(intake: Intake, options: GrpcOptions): GrpcServer {
  const serve = async (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> => {
    const path = String(headers[constants.HTTP2_HEADER_PATH])
    const signal = METHODS[path]
    if (signal === undefined) throw new GrpcProblem(UNIMPLEMENTED, `${path} is not an OTLP service`)
    if (options.token !== undefined && !hasToken(headers, options.token)) {
      throw new GrpcProblem(
        UNAUTHENTICATED,
        'send the token that the console printed at its start as "authorization: Bearer TOKEN"',
      )
    }
    const answer = await intake.admit(async () => {
      const body = await messageOf(await readFrame(stream, options), headers, options)
      return intake.accept(signal, 'protobuf', body)
    })
    sendMessage(stream, responseOf(answer))
  }
  const server = createServer({ settings: { initialWindowSize: 1 << 20, maxConcurrentStreams: 256 } })
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => {
    session.setLocalWindowSize(1 << 22)
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
  })
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => undefined) // A sender that goes away is not our fault; its stream is destroyed already.
    if (!String(headers['content-type'] ?? '').startsWith('application/grpc')) {
      stream.respond({ ':status': 415 }, { endStream: true })
      return
    }
    serve(stream, headers).catch((error: unknown) => {
      if (error instanceof GrpcProblem && error.code === RESOURCE_EXHAUSTED) intake.reject('too_large')
      sendProblem(stream, error instanceof GrpcProblem ? error : new GrpcProblem(INTERNAL, String(error)))
    })
  })
  return {
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const session of sessions) session.close()
      }),
  }
}
