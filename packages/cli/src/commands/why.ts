import { command, type Verb } from '../frame/command-line.ts'
import { EXIT } from '../frame/output.ts'
import { sourceArgs, withSource } from '../frame/source.ts'
import { findRun } from './trace.ts'

export const why: Verb = (output) =>
  command({
    name: 'why',
    description: 'Why a run failed: where first, the error, retries, tools, the last good step, the context',
    args: {
      run: { type: 'positional', description: 'Its id or the first digits of it, last, or failed', default: 'failed' },
      ...sourceArgs,
    },
    examples: [
      ['agentel why', 'the newest run that failed'],
      ['agentel why 4bf92f35 --json', 'by the first digits of its id, for a script'],
    ],
    run: (args) =>
      withSource(args, async (source) => {
        const { explainRun } = await import('../explain-run.ts')
        const explanation = await explainRun(source, await findRun(source, args.run))
        if (args.json) output.line(JSON.stringify(explanation, null, 2))
        else {
          const { printExplanation } = await import('../explanation-text.ts')
          printExplanation(explanation, source.page, output)
        }
        return EXIT.ok
      }),
  })
