/** A client's calls, observed or not. */
export interface BenchModel {
  call(): Promise<unknown>
  stream(): Promise<AsyncIterable<unknown>>
}

/** A `fetch` that answers without a network: sockets would be most of what is measured. */
export function localAnswer(whole: object, events: readonly string[]) {
  const encoder = new TextEncoder()
  const text = JSON.stringify(whole)
  const streamed = events.map((event) => encoder.encode(event))
  return async (_url: unknown, init?: { body?: unknown }): Promise<Response> => {
    if (!String(init?.body).includes('"stream":true'))
      return new Response(text, { headers: { 'content-type': 'application/json' } })
    let next = 0
    const body = new ReadableStream({
      pull: (controller) => (next < streamed.length ? controller.enqueue(streamed[next++]) : controller.close()),
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
}
