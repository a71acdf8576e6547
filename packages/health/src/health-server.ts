import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bearerOf, hostNamed, isLoopback, sameToken } from './access.ts'
import type { HealthMonitor } from './health-monitor.ts'

/** Options of {@link startHealthServer}. */
export interface HealthServerOptions {
  readonly health: Pick<HealthMonitor, 'live' | 'ready' | 'report'>
  /** 0: any that is free. */
  readonly port: number
  /** Address to listen on; `127.0.0.1` by default. */
  readonly host?: string
  /** What requests must carry as `Authorization: Bearer`; needed beyond loopback, at least 16 characters. */
  readonly token?: string
}

/** A server that answers probes. It never keeps the process alive. */
export interface HealthServer {
  readonly port: number
  close(): Promise<void>
}

/** Why the server cannot be. */
export class HealthServerError extends Error {
  override readonly name = 'HealthServerError'
}

const MINIMUM_TOKEN = 16
/** So much of a request is read, and so long is waited for it; nothing that asks for health sends more. */
const LIMITS = { maxHeaderSize: 8192, headersTimeout: 5000, requestTimeout: 5000, keepAliveTimeout: 5000 }
const MAX_CONNECTIONS = 64
/** So many agents, workers and dependencies are listed each; the state speaks for all. */
const LISTED = 100
const PATHS = ['/livez', '/readyz', '/healthz']

interface Answer {
  status: number
  body: object
  headers?: Readonly<Record<string, string>>
}

function refuse({ method, headers }: IncomingMessage, token: string | undefined): Answer | undefined {
  const error = (status: number, text: string, more?: Answer['headers']): Answer => ({
    status,
    body: { error: text },
    ...(more === undefined ? undefined : { headers: more }),
  })
  if (token === undefined) {
    // A web page whose name resolves to this machine must not read the answer.
    if (!isLoopback(hostNamed(headers))) return error(421, 'This server answers for localhost only.')
  } else {
    const given = bearerOf(headers)
    if (given === undefined || !sameToken(given, token))
      return error(401, 'Send the token: "Authorization: Bearer TOKEN".', { 'www-authenticate': 'Bearer' })
  }
  if (method !== 'GET' && method !== 'HEAD') return error(405, 'Only GET and HEAD.', { allow: 'GET, HEAD' })
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0)
    return error(413, 'A probe has no body.', { connection: 'close' })
  return undefined
}

async function answerTo(path: string, health: HealthServerOptions['health']): Promise<Answer> {
  if (path === '/livez' || path === '/readyz') {
    const { ok, checks } = await (path === '/livez' ? health.live() : health.ready())
    return { status: ok ? 200 : 503, body: { status: ok ? 'ok' : 'failed', checks: checks.slice(0, LISTED) } }
  }
  if (path !== '/healthz') return { status: 404, body: { error: `There are ${PATHS.join(', ')}.` } }
  const { state, agents, workers, dependencies, unwatched } = await health.report()
  const listed = <T>(all: readonly T[]): T[] => all.slice(0, LISTED)
  const unlisted = [agents, workers, dependencies].reduce((sum, all) => sum + Math.max(0, all.length - LISTED), 0)
  return {
    status: state === 'unhealthy' ? 503 : 200,
    body: {
      status: state,
      agents: listed(agents),
      workers: listed(workers),
      dependencies: listed(dependencies),
      unlisted: unlisted + unwatched,
    },
  }
}

function send(response: ServerResponse, { status, body, headers }: Answer, withBody: boolean): void {
  const text = `${JSON.stringify(body)}\n`
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  })
  response.end(withBody ? text : undefined)
}

/**
 * Answers `/livez`, `/readyz` and `/healthz` as Kubernetes asks them: 200 or 503, with JSON that says why. Only this
 * machine may ask, unless a token is set.
 *
 * @throws {HealthServerError} (rejects) when it would listen beyond loopback without a token, or cannot listen
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const { health, port, host = '127.0.0.1', token } = options
  checkAccess(host, token)
  const server = createServer(LIMITS, (request, response) => {
    const answer = async (): Promise<Answer> =>
      refuse(request, token) ?? (await answerTo(request.url?.split('?', 1)[0] ?? '', health))
    void answer()
      .catch((): Answer => ({ status: 500, body: { error: 'The health could not be found out.' } }))
      .then((found) => send(response, found, request.method !== 'HEAD'))
  })
  server.maxConnections = MAX_CONNECTIONS
  // Who asks again and again over one connection must not keep a process that has nothing else to do.
  server.on('connection', (socket) => socket.unref())
  server.unref()
  const listening = await new Promise<number>((resolve, reject) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      reject(
        new HealthServerError(
          `health: listening on ${host}:${port} failed: ${code ?? message}. Name another port or host.`,
        ),
      ),
    )
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
  server.removeAllListeners('error')
  server.on('error', () => undefined)
  return {
    port: listening,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** @throws {HealthServerError} for an address beyond loopback without a token, and for a token that is too short */
export function checkAccess(host: string, token: string | undefined): void {
  if (token === undefined && !isLoopback(host))
    throw new HealthServerError(
      `${host} can be reached from other machines, so a token is needed of at least ${MINIMUM_TOKEN} characters. Set one, or listen on 127.0.0.1.`,
    )
  if (token !== undefined && token.length < MINIMUM_TOKEN)
    throw new HealthServerError(`the token must have at least ${MINIMUM_TOKEN} characters`)
}
