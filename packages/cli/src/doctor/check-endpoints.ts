import { createServer } from 'node:net'
import { createProbe, otlpDependency } from '@agentel/health'
import { exporterUrl, type Settings } from '@agentel/sdk/settings'
import type { Check } from './check.ts'

const PATIENCE_MS = 2000

/** What keeps a server from taking an export, if anything does; asked as the process's own health asks it. */
async function problemOf(url: URL, grpc: boolean): Promise<string | undefined> {
  const { check } = otlpDependency({ url: url.href, grpc })
  return (await createProbe({ check, timeoutMs: PATIENCE_MS, cacheMs: 0 }).run()).problem
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
          const url = exporterUrl(signal, exporter, env)
          const problem = await problemOf(url, exporter.protocol === 'grpc')
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

async function checkPort(subject: string, host: string, port: number, advice: string): Promise<Check> {
  if (await isFree(port, host)) return { subject, verdict: 'ok', found: `${host}:${port} is free` }
  return { subject, verdict: 'warning', found: `${host}:${port} is taken`, advice }
}

/** Whether the ports that the application would open are free. */
export async function checkPorts({ otel, config }: Settings): Promise<Check[]> {
  const { enabled, host, port } = config.health
  const health =
    enabled && port !== undefined ? [checkPort('health port', host, port, 'AGENTEL_HEALTH_PORT names another')] : []
  const pulled = otel.exporters.metrics
    .filter(({ name }) => name === 'prometheus')
    .map(({ listen: { host: at = 'localhost', port: own = 9464 } }) =>
      checkPort('Prometheus port', at, own, 'OTEL_EXPORTER_PROMETHEUS_PORT names another'),
    )
  return Promise.all([...pulled, ...health])
}
