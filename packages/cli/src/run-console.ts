import { startConsole } from '@agentel/console'
import { EXIT, type Output } from './output.ts'
import { UsageError } from './usage-error.ts'

/** What the command line says. */
export interface ConsoleArguments {
  port: string
  grpcPort: string | false
  host: string
  dataFile: string | undefined
}

function portOf(option: string, text: string): number {
  const port = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new UsageError(`--${option} is "${text}"; it must be a whole number from 0 to 65535`)
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

/** `agentel console`: runs until it is stopped by a signal. @returns the exit code */
export async function runConsole(args: ConsoleArguments, output: Output): Promise<number> {
  const running = await startConsole({
    port: portOf('port', args.port),
    grpcPort: args.grpcPort === false ? false : portOf('grpc-port', args.grpcPort),
    host: args.host,
    ...(args.dataFile === undefined ? {} : { dataFile: args.dataFile }),
  })
  output.line(`Console:    ${running.url}`)
  output.line(`OTLP/HTTP:  http://${args.host}:${running.httpPort}`)
  if (running.grpcPort !== undefined) output.line(`OTLP/gRPC:  http://${args.host}:${running.grpcPort}`)
  output.line(output.paint('dim', 'Ctrl-C ends it; what was received stays.'))
  await untilStopped()
  await running.stop()
  return EXIT.ok
}
