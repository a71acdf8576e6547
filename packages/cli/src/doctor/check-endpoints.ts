import { connect, createServer } from 'node:net'
import type { Settings } from '@agentel/sdk/settings'
import type { Check } from './check.ts'

const PATIENCE_MS = 2000

interface Target {
  url: URL
  grpc: boolean
}

type ExporterSettings = Settings['otel']['exporters']['traces'][number]

function urlOf(signal: string, { protocol, otlp }: ExporterSettings, env: NodeJS.ProcessEnv): URL {
  const grpc = protocol === 'grpc'
  const own = otlp.url ?? env[`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`]
  if (own) return new URL(own.includes('://') ? own : `http://${own}`)
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT ?? (grpc ? 'http://localhost:4317' : 'http://localhost:4318')
  const whole = base.includes('://') ? base : `http://${base}`
  return new URL(grpc ? whole : `${whole.replace(/\/+$/, '')}/v1/${signal}`)
}

function reachable({ hostname, port, protocol }: URL): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
    })
    const end = (problem?: string): void => {
      socket.destroy()
      resolve(problem)
    }
    socket.setTimeout(PATIENCE_MS, () => end(`no answer within ${PATIENCE_MS} ms`))
    socket.on('connect', () => end())
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  })
}

/** An export without a single item: it shows whether the path, and no proxy's error page, is there. */
async function answers(url: URL): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    // 401 and 403 speak of keys, which the doctor does not send.
    return response.ok || response.status === 401 || response.status === 403
      ? undefined
      : `it answers ${response.status}`
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } }
    return cause?.code ?? message
  }
}

async function problemOf({ url, grpc }: Target): Promise<string | undefined> {
  return grpc ? reachable(url) : answers(url)
}

/** Signals that go to the same host share a line: what ails one ails the others. */
function checkOf(host: string, signals: readonly { signal: string; problem: string | undefined }[]): Check {
  const subject = 'endpoint'
  const failing = signals.filter(({ problem }) => problem !== undefined)
  if (failing.length === 0) {
    return { subject, verdict: 'ok', found: `${host} answers (${signals.map(({ signal }) => signal).join(', ')})` }
  }
  const problems = [...new Set(failing.map(({ problem }) => problem))].join(', ')
  return {
    subject,
    verdict: 'warning',
    found: `${host}: ${problems} (${failing.map(({ signal }) => signal).join(', ')})`,
    advice: 'start a collector there, or `agentel console`, or name another in OTEL_EXPORTER_OTLP_ENDPOINT',
  }
}

/** Whether the places to which telemetry would go answer. */
export async function checkEndpoints({ otel }: Settings, env: NodeJS.ProcessEnv): Promise<Check[]> {
  const looked = await Promise.all(
    Object.entries(otel.exporters).flatMap(([signal, exporters]) =>
      exporters
        .filter(({ name }) => name === 'otlp')
        .map(async (exporter) => {
          const url = urlOf(signal, exporter, env)
          const problem = await problemOf({ url, grpc: exporter.protocol === 'grpc' })
          // The origin alone: a password in the address must not be shown.
          return { host: url.origin, signal, problem }
        }),
    ),
  )
  return [...Map.groupBy(looked, ({ host }) => host)].map(([host, signals]) => checkOf(host, signals))
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}

/** Whether the ports that the application would open are free. */
export async function checkPorts({ otel }: Settings): Promise<Check[]> {
  const pulled = otel.exporters.metrics.filter(({ name }) => name === 'prometheus')
  return Promise.all(
    pulled.map(async ({ listen: { host = 'localhost', port = 9464 } }): Promise<Check> => {
      const subject = 'Prometheus port'
      if (await isFree(port, host)) return { subject, verdict: 'ok', found: `${host}:${port} is free` }
      const advice = 'OTEL_EXPORTER_PROMETHEUS_PORT names another'
      return { subject, verdict: 'warning', found: `${host}:${port} is taken`, advice }
    }),
  )
}
