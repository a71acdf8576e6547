import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** One export as it arrived. */
export interface Received {
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
}

/** A receiver of OTLP over HTTP that keeps what it gets. */
export interface OtlpSink {
  url: string
  received: Received[]
  /** Spans of all JSON exports: name and resource attributes by key. */
  spans(): { name: string; attributes: Record<string, unknown>; resource: Record<string, unknown> }[]
  close(): Promise<void>
}

interface KeyValue {
  key: string
  value: Record<string, unknown>
}

function record(attributes: KeyValue[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}

interface TraceRequest {
  resourceSpans: {
    resource: { attributes: KeyValue[] }
    scopeSpans: { spans: { name: string; attributes: KeyValue[] }[] }[]
  }[]
}

function spansOf(body: Buffer) {
  const request = JSON.parse(body.toString()) as TraceRequest
  return request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ name, attributes }) => ({
        name,
        attributes: record(attributes),
        resource: record(resource.attributes),
      })),
    ),
  )
}

/** Listens on a free port of loopback. @param status what every export is answered with */
export async function startOtlpSink(status = 200): Promise<OtlpSink> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks)
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
    received.push({ path: request.url ?? '', headers: request.headers, body })
    response.writeHead(status).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    spans: () => received.filter(({ path }) => path === '/v1/traces').flatMap(({ body }) => spansOf(body)),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
