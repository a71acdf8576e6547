import { resolve } from 'node:path'
import { parseArgs, styleText } from 'node:util'
import { startAgentProcess } from '../stage/agent-process.ts'
import { comparisonTable, tableText } from '../stage/comparison.ts'
import { type ConsoleFigures, readConsole } from '../stage/console-figures.ts'
import { ledgerFigures } from '../stage/figures.ts'
import { openStage, type Stage } from '../stage/open-stage.ts'
import { stopSignal, unlessStopped } from '../stage/stop-signal.ts'
import { readRecordings } from './read-recordings.ts'
import { recordedModel } from './recorded-model.ts'

const USAGE = `Usage: npx -y pnpm@12 replay [options] PATH...

Plays recorded conversations (files or folders in the format of Who&When or tau-bench)
through the real openai client against the local model server, and shows them in the console.

  --port N          port of the console (default 4318, 0: any free one)
  --concurrency N   conversations at the same time (default 8)
  --once            end after the comparison of console and ledger (exit code 0 if they agree)
  --json            print the console's figures as JSON`

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      port: { type: 'string', default: '4318' },
      concurrency: { type: 'string', default: '8' },
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  if (values.help || positionals.length === 0) {
    console.log(USAGE)
    return values.help ? 0 : 1
  }
  // The replaying process works in another folder.
  const paths = positionals.map((path) => resolve(path))
  const recordings = paths.flatMap(readRecordings)
  console.log(styleText('dim', `… ${recordings.length} conversations`))
  const stopped = stopSignal()
  const stage = await openStage({ port: Number(values.port), model: { scenario: recordedModel(recordings) } })
  try {
    await unlessStopped(stopped, play(stage, paths, Number(values.concurrency)))
    const agrees = report(stage, await readConsole(stage.consoleUrl, recordings.length), values.json)
    if (values.once) return agrees ? 0 : 1
    console.log(`\n  The console is at ${styleText(['bold', 'cyan'], stage.consoleUrl)}; Ctrl-C ends it.\n`)
    await stopped
    return 0
  } finally {
    await stage.close()
  }
}

async function play(stage: Stage, paths: readonly string[], concurrency: number): Promise<void> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const file = new URL(`replay-process.${extension}`, import.meta.url)
  const replayer = startAgentProcess(file, 'replay', stage.env)
  try {
    await replayer.next('ready')
    const failed = replayer.next('failed').then(({ error }) => Promise.reject(new Error(String(error))))
    const done = replayer.next('done')
    replayer.send({ type: 'replay', order: { paths, concurrency } })
    await Promise.race([done, failed])
  } finally {
    await replayer.stop()
  }
}

function report(stage: Stage, shown: ConsoleFigures, json: boolean): boolean {
  const { totals, types, failedTypes, sessions, traces, spans } = shown
  if (json) {
    const maps = { types, failedTypes, sessions }
    const objects = Object.fromEntries(Object.entries(maps).map(([name, map]) => [name, Object.fromEntries(map)]))
    console.log(JSON.stringify({ traces, spans, ...totals, ...objects }))
  } else {
    const counts = [...types].map(([type, count]) => [
      type,
      count.toLocaleString('en'),
      failedText(failedTypes.get(type)),
    ])
    console.log(`\n${tableText([['spans', spans.toLocaleString('en'), ''], ...counts])}\n`)
  }
  const expected = ledgerFigures(stage.modelServer?.ledger.entries ?? [])
  const { text, agrees } = comparisonTable([{ name: 'total', shown: totals, expected }], 'console = ledger')
  console.log(text)
  return agrees
}

const failedText = (count: number | undefined) => (count === undefined ? '' : `${count} failed`)

if (import.meta.main) {
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    console.error(`${styleText('red', 'replay:')} ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
}
