import { writeFileSync } from 'node:fs'
import { command, type Verb } from '../frame/command-line.ts'
import { EXIT } from '../frame/output.ts'
import { sourceArgs, withSource } from '../frame/source.ts'
import { windowArgs, windowOf } from '../frame/window.ts'

export const report: Verb = (output) =>
  command({
    name: 'report',
    description: 'Sum up a time range, as Markdown or HTML',
    args: {
      format: { type: 'enum', options: ['markdown', 'html'], description: 'Of the text', default: 'markdown' },
      out: { type: 'string', description: 'Write it to this file' },
      ...windowArgs,
      ...sourceArgs,
    },
    examples: [
      ['agentel report --since 7d --out week.md', 'last week'],
      ['agentel report --format html --out today.html', 'to send around; nothing in it is fetched'],
    ],
    run: (args) =>
      withSource(args, async (source) => {
        const { readReport, renderReport } = await import('../report/index.ts')
        const read = await readReport(source, windowOf(args))
        const text = args.json ? JSON.stringify(read, null, 2) : renderReport(read, args.format)
        if (args.out === undefined) output.line(text.trimEnd())
        else {
          writeFileSync(args.out, text.endsWith('\n') ? text : `${text}\n`)
          output.line(args.out)
        }
        return EXIT.ok
      }),
  })
