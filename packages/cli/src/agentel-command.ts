import type { CommandDef } from 'citty'
import { command, group } from './command-line.ts'
import type { Output } from './output.ts'
import { VERSION } from './version.ts'

const json = { type: 'boolean', description: 'Print JSON instead of text', default: false } as const

/**
 * The whole of the `agentel` command but `demo`, which reads its options itself. Each command loads what it needs when
 * it runs: `agentel --help` must not load the console.
 */
export function agentelCommand(output: Output): CommandDef {
  const check = command({
    name: 'check',
    description: 'Say what is wrong in a configuration file, with key path and line',
    args: { file: { type: 'positional', description: 'The YAML file of OTEL_CONFIG_FILE', required: true }, json },
    async run(args) {
      const { runConfigCheck } = await import('./config-check.ts')
      return runConfigCheck(args.file, args.json, output)
    },
  })
  const doctor = command({
    name: 'doctor',
    description: 'Say what agentel sees of an application, and what would be lost',
    args: { cwd: { type: 'string', description: "The application's folder", default: '.' }, json },
    async run(args) {
      const { runDoctor } = await import('./doctor/run-doctor.ts')
      return runDoctor({ folder: args.cwd, env: process.env }, args.json, output)
    },
  })
  const console = command({
    name: 'console',
    description: 'Receive OTLP and show it in the browser',
    args: {
      port: { type: 'string', description: 'Port of the page, the API and OTLP over HTTP; 0: any', default: '4318' },
      'grpc-port': { type: 'string', description: 'Port of OTLP over gRPC; 0: any', default: '4317' },
      grpc: { type: 'boolean', description: 'OTLP over gRPC', negativeDescription: 'No OTLP over gRPC', default: true },
      host: { type: 'string', description: 'Address; any but loopback needs a token', default: '127.0.0.1' },
      data: { type: 'string', description: 'File of the store (default: ~/.agentel/console.db)' },
    },
    async run(args) {
      const { runConsole } = await import('./run-console.ts')
      const grpcPort = args.grpc ? args['grpc-port'] : false
      return runConsole({ port: args.port, grpcPort, host: args.host, dataFile: args.data }, output)
    },
  })
  const demo = command({
    name: 'demo',
    description: 'A simulated desk of agents, shown in the console; see agentel demo --help',
    args: {},
    run: () => runDemo([]),
  })
  return group(
    { name: 'agentel', version: VERSION, description: 'OpenTelemetry for AI agents' },
    { config: group({ name: 'config', description: 'Configuration files' }, { check }), doctor, console, demo },
  )
}

/** `agentel demo …`, with the demo's own options. @returns the exit code */
export async function runDemo(args: readonly string[]): Promise<number> {
  const demo = await import('@agentel/demo')
  return demo.runDemo(args)
}
