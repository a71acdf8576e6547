import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { isLoopback } from '@agentel/health'
import { openAlerts, prepareAlerts } from './alerts/open-alerts.ts'
import { defaultDataFile } from './default-data-file.ts'
import { openReader } from './query/reader.ts'
import type { RuntimeStatus } from './query/status.ts'
import { createGrpcServer } from './receiver/grpc.ts'
import { openIntake } from './receiver/intake.ts'
import { listen } from './receiver/listen.ts'
import { openRates } from './receiver/rates.ts'
import type { AccessRules } from './server/access.ts'
import { openAssets } from './server/assets.ts'
import { createHttpServer } from './server/http-server.ts'
import { type Live, openLive } from './server/live.ts'
import { startWriter } from './store/writer.ts'
import { VERSION } from './version.ts'

/** Options of {@link startConsole}. */
export interface ConsoleOptions {
  /** Address to listen on; default 127.0.0.1. Any that is not loopback needs a token. */
  readonly host?: string
  /** Port of the page, the API and OTLP over HTTP; default 4318, 0 takes a free one. */
  readonly port?: number
  /** Port of OTLP over gRPC; default 4317, 0 takes a free one, false leaves it out. */
  readonly grpcPort?: number | false
  /** File of the store; default `~/.agentel/console.db`. Made when it is not there. */
  readonly dataFile?: string
  /** Milliseconds: what is older is deleted. Default 7 days. */
  readonly maxAge?: number
  /** Milliseconds: failed traces and their logs are kept so long. Default 30 days. */
  readonly maxErrorAge?: number
  /** Share of the traces that did not fail that is kept as long as failed ones, by trace id; default 0. */
  readonly keepShare?: number
  /** Milliseconds: points of metrics are kept so long. Default 7 days. */
  readonly maxMetricAge?: number
  /** Milliseconds between two looks for what is to be deleted; default 10,000. */
  readonly cleanupInterval?: number
  /** Bytes: the oldest is deleted beyond it. Default 4 GiB. */
  readonly maxBytes?: number
  /** Largest body of a request, bytes, as sent and unpacked; default 32 MiB. */
  readonly maxBodyBytes?: number
  /** Further names under which the console is reached, e.g. `console` in a compose file. */
  readonly allowHosts?: readonly string[]
  /** Web pages of these origins may post telemetry, e.g. `http://localhost:3000`. */
  readonly allowOrigins?: readonly string[]
  /** Beyond loopback a token is needed; without this option one is made. */
  readonly token?: string
  /** YAML file of alert rules beside the standard ones; one of the same name stands in the place of the standard one. */
  readonly alertRules?: string
  /** Milliseconds between two evaluations of the alert rules; default 15,000. */
  readonly alertInterval?: number
  /** The audit log that is shown, and that gets what people do here; default `audit.db` beside the store. */
  readonly auditFile?: string
  /** For tests: the store's file may not have more pages, as if the disk ended there. */
  readonly maxPages?: number
}

/** A running console. */
export interface RunningConsole {
  /** Where the page is; with the token, if there is one. Also the base of OTLP over HTTP. */
  readonly url: string
  readonly httpPort: number
  /** undefined when OTLP over gRPC is off. */
  readonly grpcPort: number | undefined
  readonly token: string | undefined
  /** Writes what waits, closes the file and the ports. */
  stop(): Promise<void>
}

const DAY = 86_400_000
const DEFAULTS = {
  host: '127.0.0.1',
  port: 4318,
  grpcPort: 4317 as number | false,
  maxAge: 7 * DAY,
  maxErrorAge: 30 * DAY,
  keepShare: 0,
  maxMetricAge: 7 * DAY,
  cleanupInterval: 10_000,
  maxBytes: 4 * 2 ** 30,
  maxBodyBytes: 32 * 2 ** 20,
}

function rulesOf(host: string, options: ConsoleOptions): AccessRules {
  const open = !isLoopback(host)
  const token = options.token ?? (open ? randomBytes(24).toString('base64url') : undefined)
  return {
    // With a token a foreign name gains nothing: its page has no cookie of ours.
    hosts: token === undefined ? new Set(options.allowHosts?.map((name) => name.toLowerCase())) : 'any',
    origins: new Set(options.allowOrigins),
    token,
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

function inUrl(host: string): string {
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return shown.includes(':') ? `[${shown}]` : shown
}

/**
 * Starts the console: receiver, store, API and page.
 * @throws (rejects) when a port is taken (says by whom), an address is not ours, the store's file cannot be used, or
 * the alert rules or the channels that the environment names are wrong.
 * @example
 * const console = await startConsole({ port: 0, grpcPort: 0, dataFile: '/tmp/agentel.db' })
 * // send OTLP to console.url, open console.url in a browser
 * await console.stop()
 */
export async function startConsole(options: ConsoleOptions = {}): Promise<RunningConsole> {
  const settings = { ...DEFAULTS, dataFile: defaultDataFile(), ...options }
  const { host, dataFile, maxAge, maxErrorAge, keepShare, maxMetricAge, maxBytes, maxBodyBytes } = settings
  const kept = { maxAge, maxErrorAge, keepShare, maxMetricAge, maxBytes }
  const rules = rulesOf(host, options)
  const prepared = prepareAlerts(settings)
  const assets = openAssets()
  assets.catch(() => undefined) // Told to whoever asks for the page; the receiver works without it.
  let live: Live | undefined
  const pages = options.maxPages === undefined ? {} : { maxPages: options.maxPages }
  const writer = await startWriter(
    { file: dataFile, retainEvery: settings.cleanupInterval, ...kept, ...pages },
    { onChanged: (traces, logs) => live?.changed(traces, logs), onFault: (message) => live?.fault(message) },
  )
  const intake = openIntake(writer, (fault) => live?.fault(fault))
  const rates = openRates(intake.counts)
  const reader = openReader(dataFile)
  live = openLive({ reader, version: VERSION, rates: rates.current })
  const { alerts, audit, close: closeAlerts } = openAlerts(prepared, reader, intake)
  const startTime = Date.now()
  let endpoints: RuntimeStatus['endpoints'] = { http: '', grpc: null }
  const runtime = (): RuntimeStatus => ({
    version: VERSION,
    startTime,
    endpoints,
    file: dataFile,
    fault: intake.counts.fault,
    ...kept,
    received: rates.received(),
    liveClients: live?.clients() ?? 0,
  })
  const limits = { maxBodyBytes }
  const http = createHttpServer({
    rules,
    limits,
    intake,
    live,
    assets,
    version: VERSION,
    context: { reader, runtime, alerts, audit },
    actions: { alerts, forgetUser: (user) => writer.forget(user) },
  })
  const grpc = settings.grpcPort === false ? undefined : createGrpcServer(intake, { ...limits, token: rules.token })
  const stop = async (): Promise<void> => {
    live?.close()
    rates.close()
    await Promise.all([closeServer(http), grpc?.close()])
    await closeAlerts()
    await writer.close()
    reader.close()
  }
  try {
    const httpPort = await listen(http, host, settings.port, '--port')
    const grpcPort =
      grpc === undefined ? undefined : await listen(grpc.server, host, settings.grpcPort as number, '--grpc-port')
    endpoints = {
      http: `http://${inUrl(host)}:${httpPort}`,
      grpc: grpcPort === undefined ? null : `http://${inUrl(host)}:${grpcPort}`,
    }
    const query = rules.token === undefined ? '' : `/?token=${rules.token}`
    return { url: endpoints.http + query, httpPort, grpcPort, token: rules.token, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
