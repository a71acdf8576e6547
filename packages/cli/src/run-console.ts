import { type ConsoleOptions, type RunningConsole, startConsole } from '@agentel/console'
import { profileDefaults, resolveConfig } from '@agentel/sdk/settings'
import { EXIT, type Output } from './frame/output.ts'
import { UsageError } from './frame/usage-error.ts'

/** What the command line says. */
export interface ConsoleArguments {
  readonly port: string
  readonly 'grpc-port': string
  readonly grpc: boolean
  readonly host: string
  readonly token?: string | undefined
  readonly data?: string | undefined
  readonly rules?: string | undefined
  readonly audit?: string | undefined
  readonly 'max-age'?: string | undefined
  readonly 'max-error-age'?: string | undefined
  readonly 'keep-share'?: string | undefined
  readonly 'max-metric-age'?: string | undefined
  readonly 'max-size'?: string | undefined
  readonly 'max-body'?: string | undefined
  readonly 'allow-host'?: string | undefined
  readonly 'allow-origin'?: string | undefined
  readonly json: boolean
}

const DAY = 86_400_000
const HOUR = 3_600_000
const MINUTE = 60_000
const MIB = 2 ** 20

function portOf(option: string, text: string): number {
  const port = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new UsageError(`--${option} is "${text}"; it must be a whole number from 0 to 65535`)
}

/** The option's number in the unit that the console takes; nothing when it was not given. */
function sized<Name extends string>(
  name: Name,
  option: string,
  text: string | undefined,
  [unit, most]: readonly [unit: number, most: number],
): { [name in Name]?: number } {
  if (text === undefined) return {}
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!(value > 0) || value > most)
    throw new UsageError(`--${option} is "${text}"; it must be a number above 0, at most ${most}`)
  return { [name]: value * unit } as { [name in Name]?: number }
}

const words = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean)

/**
 * How long things are kept, by the environment and by the file of `OTEL_CONFIG_FILE`: what they say, else what the
 * profile says that they name.
 * @throws StartError
 */
function configured(env: NodeJS.ProcessEnv): ConsoleOptions {
  const { profile, console: says } = resolveConfig({}, env)
  const hours = says.retentionHours ?? (profile && profileDefaults[profile]['console.retentionHours'])
  return {
    ...(hours === undefined ? {} : { maxAge: hours * HOUR }),
    maxErrorAge: says.errorRetentionHours * HOUR,
    maxMetricAge: says.metricRetentionHours * HOUR,
    keepShare: says.keepShare,
    cleanupInterval: says.cleanupIntervalMinutes * MINUTE,
  }
}

function optionsOf(args: ConsoleArguments): ConsoleOptions {
  const hosts = args['allow-host']
  const origins = args['allow-origin']
  return {
    port: portOf('port', args.port),
    grpcPort: args.grpc ? portOf('grpc-port', args['grpc-port']) : false,
    host: args.host,
    ...(args.token === undefined ? {} : { token: args.token }),
    ...(args.data === undefined ? {} : { dataFile: args.data }),
    ...(args.rules === undefined ? {} : { alertRules: args.rules }),
    ...(args.audit === undefined ? {} : { auditFile: args.audit }),
    ...configured(process.env),
    ...sized('maxAge', 'max-age', args['max-age'], [DAY, 3650]),
    ...sized('maxErrorAge', 'max-error-age', args['max-error-age'], [DAY, 3650]),
    ...sized('keepShare', 'keep-share', args['keep-share'], [1, 1]),
    ...sized('maxMetricAge', 'max-metric-age', args['max-metric-age'], [DAY, 3650]),
    ...sized('maxBytes', 'max-size', args['max-size'], [MIB, 1e7]),
    ...sized('maxBodyBytes', 'max-body', args['max-body'], [MIB, 512]),
    ...(hosts === undefined ? {} : { allowHosts: words(hosts) }),
    ...(origins === undefined ? {} : { allowOrigins: words(origins) }),
  }
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

function tell({ url, httpPort, grpcPort }: RunningConsole, { host, json }: ConsoleArguments, output: Output): void {
  const http = `http://${host}:${httpPort}`
  const grpc = grpcPort === undefined ? null : `http://${host}:${grpcPort}`
  if (json) return output.line(JSON.stringify({ url, http, grpc }))
  output.line(`Console:    ${url}`)
  output.line(`OTLP/HTTP:  ${http}`)
  if (grpc !== null) output.line(`OTLP/gRPC:  ${grpc}`)
  output.line(output.paint('dim', 'Ctrl-C ends it; what was received stays.'))
}

/** `agentel console`: runs until it is stopped by a signal. @returns the exit code */
export async function runConsole(args: ConsoleArguments, output: Output): Promise<number> {
  const running = await startConsole(optionsOf(args))
  tell(running, args, output)
  await untilStopped()
  await running.stop()
  return EXIT.ok
}
