import { ATTR_SERVICE_NAME } from '@agentel/semconv'

/** A first trace, sent by the page itself: shows that the way from a sender to the page is open. */

const hex = (bytes: number): string =>
  [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/**
 * Sends one span as OTLP/JSON to the console that this page came from.
 * @returns its trace id
 * @throws Error with the console's answer when it is refused
 */
export async function sendTestSpan(): Promise<string> {
  const traceId = hex(16)
  const now = BigInt(Date.now()) * 1_000_000n
  const span = {
    traceId,
    spanId: hex(8),
    name: 'hello from this page',
    kind: 1,
    startTimeUnixNano: String(now - 40_000_000n),
    endTimeUnixNano: String(now),
  }
  const resource = { attributes: [{ key: ATTR_SERVICE_NAME, value: { stringValue: 'console-page' } }] }
  const response = await fetch('/v1/traces', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'console-page' }, spans: [span] }] }],
    }),
  })
  if (!response.ok) throw new Error(`The receiver answered ${response.status}: ${await response.text()}`)
  return traceId
}
