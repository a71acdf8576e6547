import { command, type Verb } from '../frame/command-line.ts'
import { EXIT } from '../frame/output.ts'
import { sourceArgs } from '../frame/source.ts'

export const watch: Verb = (output) =>
  command({
    name: 'watch',
    description: 'Show runs as they come, until Ctrl-C',
    args: {
      rows: { type: 'string', description: 'Runs on the screen', default: '15' },
      url: sourceArgs.url,
      token: sourceArgs.token,
      json: { type: 'boolean', description: 'Print every event as a line of JSON', default: false },
    },
    examples: [
      ['agentel watch', 'on a terminal it repaints; else a line for each run that ends'],
      ['agentel watch --json | jq \'select(.type == "rates")\'', 'for a script'],
    ],
    async run(args) {
      const { runWatch } = await import('../run-watch.ts')
      await runWatch(args, output)
      return EXIT.ok
    },
  })
