import { parseArgs } from 'node:util'
import { type ConsoleOptions, startConsole } from './start-console.ts'

const HELP = `Usage: agentel console [options]

  --host ADDRESS        listen here (default 127.0.0.1; beyond loopback a token is needed)
  --port N              page, API and OTLP/HTTP (default 4318)
  --grpc-port N         OTLP/gRPC (default 4317; "off" leaves it out)
  --data FILE           the store (default ~/.agentel/console.db)
  --max-age DAYS        delete what is older (default 7)
  --max-error-age DAYS  keep failed traces so long (default 30)
  --keep-share SHARE    keep this share of the others as long as failed ones (default 0)
  --max-metric-age DAYS keep points of metrics so long (default 7)
  --max-size MIB        delete the oldest beyond it (default 4096)
  --max-body MIB        largest request (default 32)
  --allow-host NAME     answer under this name too (repeatable)
  --allow-origin URL    web pages of this origin may post telemetry (repeatable)
  --rules FILE          alert rules (YAML) beside the standard ones
  --audit FILE          the audit log (default audit.db beside the store)
  --token TEXT          ask for this token
`

const OPTIONS = {
  host: { type: 'string' },
  port: { type: 'string' },
  'grpc-port': { type: 'string' },
  data: { type: 'string' },
  'max-age': { type: 'string' },
  'max-error-age': { type: 'string' },
  'keep-share': { type: 'string' },
  'max-metric-age': { type: 'string' },
  'max-size': { type: 'string' },
  'max-body': { type: 'string' },
  'allow-host': { type: 'string', multiple: true },
  'allow-origin': { type: 'string', multiple: true },
  rules: { type: 'string' },
  audit: { type: 'string' },
  token: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

function numberOption(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text === '' || !(value >= 0) || value > most)
    throw new Error(`--${name} ${text} is not a number from 0 to ${most}`)
  return value
}

/** Reads the command line; throws an error that names the wrong option. */
function readOptions(args: readonly string[]): ConsoleOptions | 'help' {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, strict: true })
  if (values.help === true) return 'help'
  const port = numberOption('port', values.port, 65_535)
  const grpcPort = values['grpc-port'] === 'off' ? false : numberOption('grpc-port', values['grpc-port'], 65_535)
  const days = numberOption('max-age', values['max-age'], 3650)
  const errorDays = numberOption('max-error-age', values['max-error-age'], 3650)
  const share = numberOption('keep-share', values['keep-share'], 1)
  const metricDays = numberOption('max-metric-age', values['max-metric-age'], 3650)
  const size = numberOption('max-size', values['max-size'], 1e7)
  const body = numberOption('max-body', values['max-body'], 512)
  return {
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(port === undefined ? {} : { port }),
    ...(grpcPort === undefined ? {} : { grpcPort }),
    ...(values.data === undefined ? {} : { dataFile: values.data }),
    ...(days === undefined ? {} : { maxAge: days * 86_400_000 }),
    ...(errorDays === undefined ? {} : { maxErrorAge: errorDays * 86_400_000 }),
    ...(share === undefined ? {} : { keepShare: share }),
    ...(metricDays === undefined ? {} : { maxMetricAge: metricDays * 86_400_000 }),
    ...(size === undefined ? {} : { maxBytes: size * 2 ** 20 }),
    ...(body === undefined ? {} : { maxBodyBytes: body * 2 ** 20 }),
    ...(values['allow-host'] === undefined ? {} : { allowHosts: values['allow-host'] }),
    ...(values['allow-origin'] === undefined ? {} : { allowOrigins: values['allow-origin'] }),
    ...(values.rules === undefined ? {} : { alertRules: values.rules }),
    ...(values.audit === undefined ? {} : { auditFile: values.audit }),
    ...(values.token === undefined ? {} : { token: values.token }),
  }
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') return void process.stdout.write(HELP)
  const running = await startConsole(options)
  process.stdout.write(`agentel console  ${running.url}\n`)
  process.stdout.write(`  OTLP/HTTP      http://${options.host ?? 'localhost'}:${running.httpPort}\n`)
  if (running.grpcPort !== undefined)
    process.stdout.write(`  OTLP/gRPC      http://${options.host ?? 'localhost'}:${running.grpcPort}\n`)
  let stopping = false
  const stop = (): void => {
    if (stopping) process.exit(1)
    stopping = true
    void running.stop()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
