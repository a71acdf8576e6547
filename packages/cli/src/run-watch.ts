import type { LiveEvent, Overview, TraceSummary } from '@agentel/console'
import { count, duration, money, percent, plural } from '@agentel/console/format'
import { stateOf, traceTable } from './commands/traces.ts'
import type { Output } from './frame/output.ts'
import { askConsole, consoleAddress, type SourceArguments } from './frame/source.ts'
import { oneLine } from './frame/text-table.ts'
import { UsageError } from './frame/usage-error.ts'

interface WatchArguments extends SourceArguments {
  readonly rows: string
  readonly json: boolean
}

/** Of so many runs it is remembered that they were told of. */
const REMEMBERED = 5_000
const REPAINT_MS = 250

/** The events of the console's stream, until it or the signal ends it. */
async function* liveEvents(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): AsyncGenerator<LiveEvent> {
  const response = await askConsole(`${url}/api/live`, { headers, signal })
  let waiting = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body!) {
    waiting += decoder.decode(chunk, { stream: true })
    const blocks = waiting.split('\n\n')
    waiting = blocks.pop()!
    for (const block of blocks) {
      const data = block
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5))
        .join('\n')
      if (data !== '') yield JSON.parse(data) as LiveEvent
    }
  }
}

/** Without a terminal: a line for each run, once, when it has ended. */
function lineTeller(output: Output): (event: LiveEvent) => void {
  const told = new Set<string>()
  const tell = (run: TraceSummary): void => {
    if (run.status === 'open' || told.has(run.traceId)) return
    told.add(run.traceId)
    if (told.size > REMEMBERED) told.delete(told.values().next().value!)
    const why =
      run.status === 'error' && run.error ? `  ${oneLine(`${run.error.name}: ${run.error.message ?? ''}`)}` : ''
    const figures = [duration(run.duration), plural(run.spans, 'span'), money(run.cost)].join(', ')
    const time = new Date(run.startTime).toISOString()
    output.line(`${time}  ${stateOf(run, output)}  ${run.traceId}  ${oneLine(run.title, 60)} (${figures})${why}`)
  }
  return (event) => {
    if (event.type === 'fault' && event.message !== null)
      output.error(`agentel: nothing is being stored: ${event.message}`)
    if (event.type === 'traces') event.traces.toReversed().forEach(tell)
  }
}

function headline({ totals }: Overview, perSecond: number): string {
  const failed = totals.traces === 0 ? null : totals.failedTraces / totals.traces
  return [
    `${count(perSecond)} spans/s`,
    `last hour: ${plural(totals.traces, 'run')}`,
    `${count(totals.failedTraces)} failed (${percent(failed)})`,
    `p95 ${duration(totals.traceP95)}`,
    money(totals.cost),
  ].join('  ')
}

/** On a terminal: the newest runs, painted over at most four times a second. */
function screen(url: string, headers: Record<string, string>, rows: number, output: Output) {
  const runs = new Map<string, TraceSummary>()
  let perSecond = 0
  let fault: string | null = null
  let dirty = true
  const paint = async (): Promise<void> => {
    if (!dirty) return
    dirty = false
    const overview = (await (await askConsole(`${url}/api/overview`, { headers })).json()) as Overview
    const newest = [...runs.values()].toSorted((a, b) => b.startTime - a.startTime).slice(0, rows)
    process.stdout.write('\u001B[H\u001B[J')
    output.line(`${output.paint('bold', 'agentel')}  ${url}`)
    output.line(headline(overview, perSecond))
    if (fault !== null) output.line(output.paint('red', `Nothing is being stored: ${fault}`))
    output.line()
    if (newest.length === 0) output.line(output.paint('dim', 'Waiting for the first run…'))
    else traceTable(newest, output, (process.stdout.columns ?? 100) - 1)
    output.line(output.paint('dim', '\nCtrl-C ends this; agentel trace ID shows one.'))
  }
  const timer = setInterval(() => void paint().catch(() => undefined), REPAINT_MS)
  process.stdout.write('\u001B[?25l')
  return {
    take(event: LiveEvent): void {
      dirty = true
      if (event.type === 'rates') perSecond = event.spansPerSecond
      else if (event.type === 'fault') fault = event.message
      else if (event.type === 'traces') for (const run of event.traces) runs.set(run.traceId, run)
      for (const key of runs.keys()) {
        if (runs.size <= REMEMBERED) break
        runs.delete(key)
      }
    },
    close(): void {
      clearInterval(timer)
      process.stdout.write('\u001B[?25h')
    },
  }
}

/** `agentel watch`: until a signal, or until the console goes. */
export async function runWatch(args: WatchArguments, output: Output): Promise<void> {
  const rows = Number(args.rows)
  if (!Number.isInteger(rows) || rows < 1)
    throw new UsageError(`--rows is "${args.rows}"; it must be a whole number above 0`)
  const { url, headers } = consoleAddress(args)
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort())
  const painted = process.stdout.isTTY && !args.json ? screen(url, headers, rows, output) : undefined
  const print = args.json ? (event: LiveEvent) => output.line(JSON.stringify(event)) : lineTeller(output)
  const take = painted?.take ?? print
  try {
    for await (const event of liveEvents(url, headers, stopped.signal)) take(event)
    if (!stopped.signal.aborted) throw new Error(`the console at ${url} has ended`)
  } catch (error) {
    if (!stopped.signal.aborted) throw error
  } finally {
    painted?.close()
  }
}
