import type { TraceList, TraceSkeleton } from '@agentel/console'
import { command, type Verb } from '../frame/command-line.ts'
import { EXIT } from '../frame/output.ts'
import { type Source, sourceArgs, withSource } from '../frame/source.ts'
import { UsageError } from '../frame/usage-error.ts'

/** Words for a run that one does not want to look up. */
const NEWEST: Readonly<Record<string, string | undefined>> = { last: undefined, failed: 'error' }

/** The run that a word names: an id, the first digits of one, `last` or `failed`. */
export async function findRun(source: Source, word: string): Promise<string> {
  if (!(word in NEWEST)) {
    if (/^[0-9a-f]{6,32}$/i.test(word)) return word.toLowerCase()
    throw new UsageError(`"${word}" names no run; give its id, the first digits of it (6 at least), last or failed`)
  }
  const query = { from: '-3650d', limit: 1, status: NEWEST[word] }
  const { traces } = await source.get<TraceList>('/api/traces', query)
  const [newest] = traces
  if (newest === undefined) throw new Error(word === 'failed' ? 'no run has failed' : 'no run has come yet')
  return newest.traceId
}

export const trace: Verb = (output) =>
  command({
    name: 'trace',
    description: 'One run as a tree, with times, tokens and cost',
    args: {
      run: { type: 'positional', description: 'Its id or the first digits of it, last, or failed', default: 'last' },
      all: { type: 'boolean', description: 'Every span, also many alike beside each other', default: false },
      otlp: { type: 'boolean', description: 'As it was sent, in OTLP/JSON', default: false },
      ...sourceArgs,
    },
    examples: [
      ['agentel trace failed', 'the newest run that failed'],
      ['agentel trace 4bf92f35', 'by the first digits of its id'],
      ['agentel trace last --otlp > run.json', 'keep it; agentel import brings it back'],
    ],
    run: (args) =>
      withSource(args, async (source) => {
        const path = `/api/traces/${await findRun(source, args.run)}`
        if (args.otlp) {
          output.line(JSON.stringify(await source.get(`${path}/otlp`)))
          return EXIT.ok
        }
        const skeleton = await source.get<TraceSkeleton>(path)
        if (args.json) output.line(JSON.stringify(skeleton, null, 2))
        else {
          const { printRun } = await import('../run-tree.ts')
          printRun(skeleton, { all: args.all, page: source.page }, output)
        }
        return EXIT.ok
      }),
  })
