import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the analyzer was asked. */
export interface AnalyzerRequest {
  readonly text: readonly string[]
  readonly language: string
  readonly score_threshold: number
  readonly entities?: readonly string[]
}

/** A service that speaks as Presidio's analyzer does, and can be told to misbehave. */
export interface Analyzer {
  readonly url: string
  readonly requests: AnalyzerRequest[]
  /** Of the requests. */
  readonly headers: IncomingHttpHeaders[]
  /** In the place of its answer; `undefined` gives it back its own. */
  behaviour: ((response: ServerResponse) => void) | undefined
  close(): Promise<void>
}

/** Names that it knows, with places counted in characters as Python counts them. */
function namesIn(text: string): object[] {
  return [...text.matchAll(/Ann Smith|Zoë|Springfield/g)].map(({ index, 0: name }) => {
    const start = Array.from(text.slice(0, index)).length
    const entity_type = name === 'Springfield' ? 'LOCATION' : 'PERSON'
    return { analysis_explanation: null, entity_type, score: 0.85, start, end: start + name.length }
  })
}

/** Listens on a free port of loopback. */
export async function startAnalyzer(): Promise<Analyzer> {
  const requests: AnalyzerRequest[] = []
  const headers: IncomingHttpHeaders[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const asked = JSON.parse(Buffer.concat(chunks).toString()) as AnalyzerRequest
    requests.push(asked)
    headers.push(request.headers)
    if (analyzer.behaviour !== undefined) return analyzer.behaviour(response)
    response.setHeader('content-type', 'application/json').end(JSON.stringify(asked.text.map(namesIn)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const analyzer: Analyzer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    headers,
    behaviour: undefined,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return analyzer
}
