import { guardPromise } from '@agentel/api'
import {
  checkAccess,
  type Dependency,
  type HealthMonitor,
  type HealthServer,
  httpDependency,
  otlpDependency,
  sqliteDependency,
  startHealthServer,
} from '@agentel/health'
import type { Environment } from './environment-reader.ts'
import { exporterUrl } from './exporter-url.ts'
import type { Settings } from './settings.ts'
import { StartError } from './start-error.ts'

/** The endpoints of this process's health. */
export interface ProcessHealth {
  /** Begins to listen, and to look after what the configuration names; after the providers are registered. */
  start(monitor: HealthMonitor): { close(): Promise<void> }
}

function collectors({ otel }: Settings, env: Environment): Dependency[] {
  const targets = new Map<string, Dependency>()
  for (const [signal, exporters] of Object.entries(otel.exporters)) {
    for (const exporter of exporters.filter(({ name }) => name === 'otlp')) {
      const url = exporterUrl(signal, exporter, env)
      if (targets.has(url.host)) continue
      // Telemetry that does not arrive is no reason to take requests away.
      const options = { name: `collector ${url.host}`, required: false }
      targets.set(url.host, otlpDependency({ url: url.href, grpc: exporter.protocol === 'grpc' }, options))
    }
  }
  return [...targets.values()]
}

function stores({ config: { alerts, audit, budgets } }: Settings): Dependency[] {
  const files = { audit: audit.file, alerts: alerts.store, budgets: budgets.store }
  return Object.entries(files).flatMap(([name, file]) =>
    file === undefined ? [] : [sqliteDependency(file, { name: `store ${name}`, required: false })],
  )
}

function endpoints({ config: { health } }: Settings): Dependency[] {
  return health.endpoints.map((url) => {
    try {
      return httpDependency(url)
    } catch {
      // The address is not shown: it may hold a password.
      throw refused('health.endpoints', 'one of them is no address such as https://api.example.org/v1/models')
    }
  })
}

function refused(option: string, reason: string): StartError {
  return new StartError('AGENTEL_CONFIG_INVALID_VALUE', option, `${option}: ${reason}`)
}

/**
 * Reads what is to be looked after; listens to nothing yet.
 * @throws StartError when an address is none, or a token is needed and missing
 */
export function prepareHealth(settings: Settings, env: Environment): ProcessHealth {
  const { port = 0, host, token } = settings.config.health
  const access = { host, ...(token === undefined ? {} : { token }) }
  try {
    checkAccess(host, token)
  } catch (error) {
    throw refused('health.token', error instanceof Error ? error.message : String(error))
  }
  const dependencies = [...endpoints(settings), ...collectors(settings, env), ...stores(settings)]
  return {
    start(health) {
      const stops = dependencies.map((one) => health.addDependency(one))
      // A port that is taken is a fault that is counted and told, not the end of the application.
      const server = guardPromise<HealthServer>('sdk.health', () => startHealthServer({ health, port, ...access }))
      return {
        async close() {
          for (const stop of stops) stop()
          await (await server)?.close()
        },
      }
    },
  }
}
