import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { anthropicProtocol } from './anthropic/protocol.ts'
import { openExchange, respondJson, settleExchange, type Exchange } from './exchange.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { openaiProtocol } from './openai/protocol.ts'
import type { Protocol, Services } from './protocol.ts'
import { createPromptCache } from './prompt-cache.ts'
import { defaultScenario, type Scenario } from './reply.ts'
import { loadTokenCounter, type CountTokens } from './token-counter.ts'

/** How the server behaves; everything has a default. */
export interface ModelServerOptions {
  /** What the pretended model answers. Default: quotes the question, or fills the schema. */
  scenario?: Scenario
  /** Port on 127.0.0.1; 0 (default) takes a free one. */
  port?: number
  /** Keys that are accepted. Default: any, but a key there must be. */
  apiKeys?: readonly string[]
  /** Models that exist. Default: any name. */
  models?: readonly string[]
  /** Counts tokens in place of gpt-tokenizer, e.g. a constant in benchmarks. */
  countTokens?: CountTokens
  /** Turns the prompt cache on, for inputs whose repeated start is at least this many tokens (OpenAI: 1024). Default: off. */
  promptCacheFrom?: number
  /** Makes ids, times and headers follow from the request alone: the same request, the same bytes. */
  seed?: string
}

/** A running server. */
export interface ModelServer {
  /** `http://127.0.0.1:<port>`. OpenAI clients take `${url}/v1` as `baseURL`, Anthropic's take it as it is. */
  readonly url: string
  readonly port: number
  readonly ledger: Ledger
  /** Ends all connections, also those in the middle of an answer. */
  close(): Promise<void>
}

const PROTOCOLS: readonly Protocol[] = [openaiProtocol, anthropicProtocol]
const MAX_BODY_BYTES = 32 * 1024 * 1024

/**
 * Starts a local server that speaks the model providers' own HTTP protocols, so that their real SDKs can be run
 * without an account.
 *
 * @throws the listen error (`EADDRINUSE` …) when the port cannot be had.
 * @example
 * ```ts
 * const server = await startModelServer({ scenario: () => ({ text: 'Hello' }) })
 * const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'test' })
 * ```
 */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const { ledger, record } = createLedger()
  const services: Services = {
    scenario: options.scenario ?? defaultScenario,
    countTokens: options.countTokens ? async () => options.countTokens as CountTokens : loadTokenCounter,
    apiKeys: options.apiKeys,
    models: options.models,
    promptCache: options.promptCacheFrom === undefined ? undefined : createPromptCache(options.promptCacheFrom),
    seed: options.seed,
    nextIndex: counter(),
    stored: new Map(),
  }
  const server = createServer((request, response) => {
    response.sendDate = options.seed === undefined
    // What gets here cannot be answered: the client went away in its request, or sent far too much.
    serve(request, response, services, record).catch(() => response.destroy())
  })
  // A client that was busy for a while must not find its connection closed at the moment when it uses it again.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    ledger,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  services: Services,
  record: Parameters<typeof settleExchange>[1],
): Promise<void> {
  const text = await readBody(request)
  const url = new URL(request.url ?? '/', 'http://localhost')
  const protocol = PROTOCOLS.find((candidate) => candidate.owns(url.pathname)) ?? openaiProtocol
  const exchange = openExchange(request, response, text, {
    seed: services.seed,
    requestIdOf: protocol.requestIdOf,
  })
  settleExchange(exchange, record)
  try {
    await route(protocol, exchange, services)
  } catch (error) {
    // A scenario that throws is a fault of the test: say so where the client will show it.
    if (response.headersSent) throw error
    const message = `The scenario of the model server threw: ${error instanceof Error ? error.message : String(error)}`
    protocol.respondFault(exchange, { kind: 'server', message })
  }
}

async function route(protocol: Protocol, exchange: Exchange, services: Services): Promise<void> {
  const { method } = exchange.request
  for (const candidate of protocol.routes) {
    const match = candidate.path.exec(exchange.url.pathname)
    if (!match || candidate.method !== method) continue
    const refused = protocol.authorize(exchange, services)
    if (refused) return protocol.respondFault(exchange, refused)
    if (!exchange.body) return protocol.respondFault(exchange, protocol.unreadableBody)
    return candidate.handle(exchange, services, match[1])
  }
  respondJson(exchange, 404, protocol.unknownRoute(exchange))
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MAX_BODY_BYTES) throw new Error(`request body larger than ${MAX_BODY_BYTES} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function counter(): () => number {
  let next = 0
  return () => next++
}
