import type { TraceList, TraceSummary } from '@agentel/console'
import { age, count, duration, money } from '@agentel/console/format'
import { command, type Verb } from '../frame/command-line.ts'
import { EXIT, type Output } from '../frame/output.ts'
import { sourceArgs, withSource } from '../frame/source.ts'
import { oneLine, printTable } from '../frame/text-table.ts'
import { windowArgs, windowOf } from '../frame/window.ts'

/** A run's state in one word, coloured. */
export function stateOf({ status, recovered }: TraceSummary, output: Output): string {
  if (status === 'error') return output.paint('red', 'failed')
  if (status === 'open') return output.paint('dim', 'open')
  return recovered > 0 ? output.paint('yellow', 'survived') : output.paint('green', 'ok')
}

/** Why a run failed, in one line; empty when it did not. */
function whyOf({ error, status }: TraceSummary, output: Output): string {
  if (error === null || status !== 'error') return ''
  return `  ${output.paint('red', oneLine([error.name, error.message ?? error.type ?? ''].join(': '), 70))}`
}

/** Prints runs as a table. @param width characters of a line; more is cut from what the run was about */
export function traceTable(runs: readonly TraceSummary[], output: Output, width = Number.POSITIVE_INFINITY): void {
  const now = Date.now()
  const words = Math.max(12, Math.min(60, width - 72))
  const rows = runs.map((run) => [
    output.paint('dim', run.traceId.slice(0, 12)),
    stateOf(run, output),
    age(run.startTime, now),
    duration(run.duration),
    String(run.spans),
    count(run.inputTokens + run.outputTokens),
    money(run.cost),
    oneLine(run.title, words) + (width > 140 ? whyOf(run, output) : ''),
  ])
  const right = 'right' as const
  printTable(
    [
      { title: 'run' },
      { title: 'state' },
      { title: 'when' },
      { title: 'took', align: right },
      { title: 'spans', align: right },
      { title: 'tokens', align: right },
      { title: 'cost', align: right },
      { title: 'what' },
    ],
    rows,
    output,
  )
}

function print({ traces: runs, total, totalExact }: TraceList, output: Output): void {
  if (runs.length === 0) {
    output.line('No run matches. --since 7d looks further back; agentel demo sends some to look at.')
    return
  }
  traceTable(runs, output)
  if (runs.length < total)
    output.line(output.paint('dim', `${runs.length} of ${totalExact ? '' : 'at least '}${total}; --limit shows more`))
}

const filterArgs = {
  status: { type: 'string', description: 'ok, error or open; !ok is any other' },
  agent: { type: 'string', description: 'Runs in which this agent worked; !NAME in which it did not' },
  model: { type: 'string', description: 'Runs that called this model' },
  tool: { type: 'string', description: 'Runs that called this tool' },
  user: { type: 'string', description: 'Runs of this user' },
  session: { type: 'string', description: 'Runs of this session' },
  service: { type: 'string', description: 'Runs of this service' },
  error: { type: 'string', description: 'Runs in which this error.type occurred' },
  'min-cost': { type: 'string', description: 'Dollars' },
  'min-duration': { type: 'string', description: 'Milliseconds' },
} as const

export const traces: Verb = (output) =>
  command({
    name: 'traces',
    description: 'List runs, the newest first',
    args: {
      text: { type: 'positional', description: 'Words that occur in them; "a phrase" in quotes', required: false },
      ...filterArgs,
      sort: {
        type: 'enum',
        options: ['time', 'duration', 'cost', 'tokens', 'spans', 'errors'],
        description: 'The largest first',
        default: 'time',
      },
      limit: { type: 'string', description: 'At most so many, up to 500', default: '20' },
      ...windowArgs,
      ...sourceArgs,
    },
    examples: [
      ['agentel traces --status error --since 1h', 'what failed in the last hour'],
      ['agentel traces --sort cost --limit 5', 'the five dearest of the last day'],
      ['agentel traces "timed out" --agent writer --json', 'for a script'],
    ],
    run: (args) =>
      withSource(args, async (source) => {
        const { text, status, agent, model, tool, user, session, service, error, sort, limit } = args
        const query = { text, status, agent, model, tool, user, session, service, error, sort, limit }
        const bounds = { minCost: args['min-cost'], minDuration: args['min-duration'] }
        const list = await source.get<TraceList>('/api/traces', { ...query, ...bounds, ...windowOf(args) })
        if (args.json) output.line(JSON.stringify(list, null, 2))
        else print(list, output)
        return EXIT.ok
      }),
  })
