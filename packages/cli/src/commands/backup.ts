import type { ConsoleStatus } from '@agentel/console'
import { statSync } from 'node:fs'
import { command, type Verb } from '../frame/command-line.ts'
import { EXIT } from '../frame/output.ts'
import { type SourceArguments, sourceArgs, withSource } from '../frame/source.ts'

/** The file of the console that the arguments name: where it runs, the one that it says. */
async function storeFile(args: SourceArguments): Promise<string> {
  if (args.data !== undefined) return args.data
  return withSource(args, async (source) => (await source.get<ConsoleStatus>('/api/status')).store.file)
}

export const backup: Verb = (output) =>
  command({
    name: 'backup',
    description: "Copy the console's store, also while it runs",
    args: {
      file: { type: 'positional', description: 'Where to; it must not be there yet', required: true },
      ...sourceArgs,
    },
    examples: [
      ['agentel backup monday.db', 'the store of the console that runs'],
      ['agentel console --data monday.db --port 0', 'look into it later'],
    ],
    async run(args) {
      const from = await storeFile(args)
      const { backupStore } = await import('@agentel/console/read')
      backupStore(from, args.file)
      const { size } = statSync(args.file)
      const { bytes } = await import('@agentel/console/format')
      output.line(args.json ? JSON.stringify({ from, to: args.file, bytes: size }) : `${args.file}: ${bytes(size)}`)
      return EXIT.ok
    },
  })
