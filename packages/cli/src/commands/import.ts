import { command, type Verb } from '../frame/command-line.ts'
import { EXIT } from '../frame/output.ts'
import { sourceArgs } from '../frame/source.ts'

export const importVerb: Verb = (output) =>
  command({
    name: 'import',
    description: 'Bring OTLP/JSON files into the console: archives, files of the collector, single traces',
    args: {
      file: {
        type: 'positional',
        description: 'A file, also packed with gzip; - reads the standard input',
        required: true,
      },
      ...sourceArgs,
    },
    examples: [
      ['agentel import week.jsonl.gz', 'what agentel export wrote'],
      ['agentel import run.json --data old.db', 'into a file, without a console'],
    ],
    async run(args) {
      const { importFile } = await import('../import-file.ts')
      const report = await importFile(args.file, args)
      const refused = report.refused.length
      if (args.json) output.line(JSON.stringify(report))
      else {
        const { plural } = await import('@agentel/console/format')
        output.line(`${args.file}: ${plural(report.requests, 'request')} stored`)
        for (const { line, reason } of report.refused.slice(0, 10)) output.error(`${args.file}:${line}  ${reason}`)
        if (refused > 10) output.error(`and ${refused - 10} more`)
      }
      return refused === 0 ? EXIT.ok : EXIT.problem
    },
  })
