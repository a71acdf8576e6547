import { command, type Verb } from '../frame/command-line.ts'

export const console: Verb = (output) =>
  command({
    name: 'console',
    description: 'Receive OTLP and show it in the browser',
    args: {
      port: { type: 'string', description: 'Port of the page, the API and OTLP over HTTP; 0: any', default: '4318' },
      'grpc-port': { type: 'string', description: 'Port of OTLP over gRPC; 0: any', default: '4317' },
      grpc: { type: 'boolean', description: 'OTLP over gRPC', negativeDescription: 'No OTLP over gRPC', default: true },
      host: { type: 'string', description: 'Address; any but loopback needs a token', default: '127.0.0.1' },
      token: { type: 'string', description: 'Ask for this token' },
      data: { type: 'string', description: 'File of the store (default: ~/.agentel/console.db)' },
      rules: { type: 'string', description: 'File of alert rules (YAML) beside the standard ones' },
      audit: { type: 'string', description: 'The audit log (default: audit.db beside the store)' },
      'max-age': {
        type: 'string',
        description: 'Days: what is older is deleted (default: 7, or as the configuration says)',
      },
      'max-error-age': { type: 'string', description: 'Days: so long are failed runs kept (default: 30)' },
      'keep-share': { type: 'string', description: 'Share of the other runs that is kept as long (default: 0)' },
      'max-metric-age': { type: 'string', description: 'Days: so long are points of metrics kept (default: 7)' },
      'max-size': { type: 'string', description: 'MiB: beyond it the oldest is deleted (default: 4096)' },
      'max-body': { type: 'string', description: 'MiB: largest request (default: 32)' },
      'allow-host': { type: 'string', description: 'Further names under which it is reached, with commas' },
      json: { type: 'boolean', description: 'Print the addresses as a line of JSON', default: false },
      'allow-origin': { type: 'string', description: 'Web pages that may send telemetry, with commas' },
    },
    examples: [
      ['agentel console', 'page, API and OTLP/HTTP on 4318, OTLP/gRPC on 4317'],
      ['agentel console --max-age 30 --data runs.db', 'keep a month, in a file of your own'],
      [
        'AGENTEL_PROFILE=development agentel console',
        'keep two hours; the section console of a configuration file says more',
      ],
      ['agentel console --host 0.0.0.0', 'for other machines; prints a token'],
    ],
    async run(args) {
      const { runConsole } = await import('../run-console.ts')
      return runConsole(args, output)
    },
  })
