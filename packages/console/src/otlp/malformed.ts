/** A body that is not OTLP. The message says where and why; the sender gets it with status 400. */
export class MalformedOtlp extends Error {
  override readonly name = 'MalformedOtlp'
}
