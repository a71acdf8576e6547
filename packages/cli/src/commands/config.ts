import { command, group, type Verb } from '../frame/command-line.ts'

export const config: Verb = (output) =>
  group(
    { name: 'config', description: 'Configuration files' },
    {
      check: command({
        name: 'check',
        description: 'Say what is wrong in a configuration file, with key path and line',
        args: {
          file: { type: 'positional', description: 'The YAML file of OTEL_CONFIG_FILE', required: true },
          json: { type: 'boolean', description: 'Print JSON instead of text', default: false },
        },
        examples: [['agentel config check otel.yaml', 'ends with 1 when something is wrong']],
        async run(args) {
          const { runConfigCheck } = await import('../config-check.ts')
          return runConfigCheck(args.file, args.json, output)
        },
      }),
    },
    { examples: [['agentel config check otel.yaml', 'ends with 1 when something is wrong']] },
  )
