import { connect } from 'node:net'
import { withoutTracing } from '@agentel/api'
import type { Check } from './probe.ts'

/** Something that this process needs, and how to see whether it is there. */
export interface Dependency {
  /** Short and fixed: `model`, `collector`. */
  readonly name: string
  readonly check: Check
  /** `false`: without it the process is still ready, and only degraded. */
  readonly required?: boolean
  /** How long an answer may take, in ms; 2000 by default. */
  readonly timeoutMs?: number
  /** How long an answer holds, in ms; 10,000 by default. */
  readonly cacheMs?: number
}

/** What all ready-made dependencies take. */
export type DependencyOptions = Partial<Omit<Dependency, 'check'>>

/** A server that any HTTP answer below 500 shows to be there. */
export interface HttpOptions extends DependencyOptions {
  /** Sent with the request, and never shown. */
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: 'GET' | 'HEAD' | 'POST'
  readonly body?: string
  /** Whether a status means that it works; by default every one below 500, for a refused key is an answer too. */
  readonly accept?: (status: number) => boolean
}

const below500 = (status: number): boolean => status < 500

/**
 * A server that speaks HTTP: a model's endpoint, an MCP server, a store.
 *
 * @example
 * health.addDependency(httpDependency('https://api.openai.com/v1/models', { name: 'model' }))
 * @throws TypeError when the address is none
 */
export function httpDependency(url: string, options: HttpOptions = {}): Dependency {
  const { headers, method = 'GET', body, accept = below500, ...rest } = options
  const { host } = new URL(url)
  return {
    name: host,
    ...rest,
    async check(signal) {
      const init = { method, signal, redirect: 'manual' as const, ...(body === undefined ? {} : { body }) }
      // A look every few seconds is nobody's trace, and its address may hold a password.
      const response = await withoutTracing(() =>
        fetch(url, { ...init, ...(headers === undefined ? {} : { headers: { ...headers } }) }),
      )
      await response.body?.cancel()
      return accept(response.status) ? undefined : `it answers ${response.status}`
    },
  }
}

/**
 * A server that accepts connections: a collector's gRPC port, a database.
 *
 * @throws TypeError when the port is none
 */
export function tcpDependency(host: string, port: number, options: DependencyOptions = {}): Dependency {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new TypeError(`tcpDependency: ${port} is no port; give one from 1 to 65535`)
  return {
    name: `${host}:${port}`,
    ...options,
    check: (signal) =>
      new Promise<void>((resolve, reject) => {
        const socket = connect({ host, port })
        const end = (done: () => void): void => {
          socket.destroy()
          done()
        }
        socket.once('connect', () => end(resolve))
        socket.once('error', (error) => end(() => reject(error)))
        signal.addEventListener('abort', () => end(resolve), { once: true })
      }),
  }
}

/** Where OTLP goes, as the exporters have it. */
export interface OtlpTarget {
  /** The signal's own address: `http://localhost:4318/v1/traces`, `http://localhost:4317`. */
  readonly url: string
  readonly grpc: boolean
}

/** A 401 or 403 speaks of keys, which are not sent: the server is there. */
function answersOtlp(status: number): boolean {
  return status < 300 || status === 401 || status === 403
}

/**
 * A collector, or whatever takes OTLP. Over HTTP it is sent an export without a single item, which shows that the path,
 * and no proxy's error page, is there; over gRPC it is connected to.
 */
export function otlpDependency({ url, grpc }: OtlpTarget, options: DependencyOptions = {}): Dependency {
  const named = { name: 'collector', ...options }
  const { hostname, port, protocol } = new URL(url)
  const given = Number(port) || (protocol === 'https:' ? 443 : 80)
  if (grpc) return tcpDependency(hostname.replace(/^\[|\]$/g, ''), given, named)
  const headers = { 'content-type': 'application/json' }
  return httpDependency(url, { ...named, method: 'POST', body: '{}', headers, accept: answersOtlp })
}

/** A client of the Model Context Protocol (SDK 1 or 2), by shape. */
export interface McpClientLike {
  ping(options?: { signal?: AbortSignal }): Promise<unknown>
}

/** An MCP server, asked by the ping of the protocol over a client that is connected. */
export function mcpDependency(client: McpClientLike, options: DependencyOptions = {}): Dependency {
  return {
    name: 'mcp',
    ...options,
    async check(signal) {
      await withoutTracing(() => client.ping({ signal }))
    },
  }
}

/** A store in one SQLite file: it must be there and readable. A file that nobody has made yet is a problem. */
export function sqliteDependency(file: string, options: DependencyOptions = {}): Dependency {
  return {
    name: 'store',
    ...options,
    check() {
      const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
      const database = new DatabaseSync(file, { readOnly: true, timeout: 100 })
      try {
        database.prepare('SELECT count(*) FROM sqlite_schema').get()
      } finally {
        database.close()
      }
    },
  }
}
