import { connect } from 'node:http2'

/** The method that takes traces. */
export const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'

/** What a call ended with. */
export interface GrpcEnd {
  readonly status: string
  readonly message: string
  /** The bytes of `grpc-status-details-bin`. */
  readonly details?: Buffer
}

/** One message as gRPC sends it; `length` is what it says of its length. */
export function framed(message: Uint8Array, length = message.length): Buffer {
  const prefix = Buffer.alloc(5)
  prefix.writeUInt32BE(length, 1)
  return Buffer.concat([prefix, message])
}

/** Calls a method, past any library that would try again or read the end itself. */
export function grpcCall(port: number | undefined, path: string, frame: Buffer): Promise<GrpcEnd> {
  return new Promise((resolve, reject) => {
    const session = connect(`http://127.0.0.1:${port}`)
    session.on('error', reject)
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    let found: GrpcEnd | undefined
    const take = (headers: Record<string, unknown>): void => {
      const { 'grpc-status': status, 'grpc-message': message, 'grpc-status-details-bin': details } = headers
      if (typeof status !== 'string') return
      found = {
        status,
        message: decodeURIComponent(String(message ?? '')),
        ...(typeof details === 'string' ? { details: Buffer.from(details, 'base64') } : {}),
      }
    }
    stream.on('response', take)
    stream.on('trailers', take)
    stream.on('close', () => {
      session.close()
      if (found === undefined) reject(new Error('no grpc-status came'))
      else resolve(found)
    })
    stream.on('error', reject)
    stream.resume()
    stream.end(frame)
  })
}
