import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'

const PACKAGE = '/opentelemetry.proto.collector'
export const TRACE_SERVICE = `${PACKAGE}.trace.v1.TraceService/Export`
export const METRICS_SERVICE = `${PACKAGE}.metrics.v1.MetricsService/Export`
export const LOGS_SERVICE = `${PACKAGE}.logs.v1.LogsService/Export`

/** A receiver of OTLP over gRPC that keeps what it gets, undecoded. */
export interface GrpcSink {
  url: string
  received: { path: string; headers: IncomingHttpHeaders; body: Buffer }[]
  close(): Promise<void>
}

/** Listens on a free port of loopback and answers every export with success. */
export async function startGrpcSink(): Promise<GrpcSink> {
  const received: GrpcSink['received'] = []
  const sessions = new Set<ServerHttp2Session>()
  const server = createServer()
  server.on('session', (session) => sessions.add(session))
  server.on('request', async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    received.push({ path: request.url, headers: request.headers, body: Buffer.concat(chunks) })
    response.writeHead(200, { 'content-type': 'application/grpc' })
    response.addTrailers({ 'grpc-status': '0' })
    // An empty message: one byte of flags, four of length.
    response.end(Buffer.alloc(5))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async close() {
      for (const session of sessions) session.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
