import { type ClientHttp2Session, connect } from 'node:http2'

const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'

function call(session: ClientHttp2Session, body: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': EXPORT,
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    let status = ''
    const take = (headers: Record<string, unknown>): void => {
      if (headers['grpc-status'] !== undefined) status = String(headers['grpc-status'])
    }
    stream.on('response', take).on('trailers', take)
    stream.on('error', reject).on('close', () => resolve(status))
    stream.resume()
    const prefix = Buffer.alloc(5)
    prefix.writeUInt32BE(body.length, 1)
    stream.write(prefix)
    stream.end(body)
  })
}

/** Sends bodies as OTLP over gRPC, so many at a time over one connection; resolves with the seconds it took. */
export async function sendByGrpc(url: string, bodies: readonly Buffer[], inFlight: number): Promise<number> {
  const session = connect(url)
  const started = performance.now()
  let next = 0
  const sender = async (): Promise<void> => {
    while (next < bodies.length) {
      const body = bodies[next++]!
      let status = await call(session, body)
      while (status === '14') status = await call(session, body)
      if (status !== '0') throw new Error(`grpc-status ${status}`)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, sender))
  session.close()
  return (performance.now() - started) / 1000
}
