import { styleText } from 'node:util'
import type { DemoOptions } from './demo-options.ts'
import { openDemo, type Demo } from './open-demo.ts'
import { describeRun } from './run-until-stopped.ts'
import type { ProcessMessage } from './stage/agent-process.ts'
import { comparisonTable, tableText } from './stage/comparison.ts'
import { type ConsoleFigures, readConsole } from './stage/console-figures.ts'
import { ledgerByAgent, ledgerFigures, noFigures } from './stage/figures.ts'
import { stopSignal, unlessStopped } from './stage/stop-signal.ts'

const CONCURRENCY = 4

/** Asks a fixed number of questions, compares the console with the ledger; resolves to 0 if they agree, else 1. */
export async function runOnce(options: DemoOptions): Promise<number> {
  const stopped = stopSignal()
  const demo = await openDemo(options, (step) => console.log(styleText('dim', `… ${step}`)))
  try {
    const runs = await unlessStopped(stopped, askAll(demo, options.questions))
    await demo.stopAgents()
    const shown = await readConsole(demo.stage.consoleUrl, runs.length)
    return report(demo, runs, shown) ? 0 : 1
  } finally {
    await demo.close()
  }
}

async function askAll({ desk, stage, researcherUrl }: Demo, questions: number): Promise<ProcessMessage[]> {
  const runs: ProcessMessage[] = []
  desk.onMessage((message) => {
    if (message.type !== 'run') return
    runs.push(message)
    console.log(describeRun(message))
  })
  console.log(styleText('dim', `… asking ${questions} questions; the console is at ${stage.consoleUrl}`))
  const done = desk.next('done')
  desk.send({ type: 'traffic', traffic: { researcherUrl, questions, concurrency: CONCURRENCY, interval: 0 } })
  await done
  return runs
}

/** Prints the summary; true when everything that two sides know is the same on both. */
function report({ stage }: Demo, runs: readonly ProcessMessage[], shown: ConsoleFigures): boolean {
  const failed = runs.filter(({ outcome }) => outcome === 'failed').length
  const rows = [
    ['', 'console', 'desk'],
    ['traces', String(shown.traces), String(runs.length)],
    ['failed traces', String(shown.failedTraces), String(failed)],
    ['spans', shown.spans.toLocaleString('en'), ''],
    ...[...shown.types].map(([type, count]) => [`  ${type}`, `${count}`, failedNote(shown.failedTypes.get(type))]),
  ]
  console.log(`\n${tableText(rows)}\n`)
  const countsAgree = shown.traces === runs.length && shown.failedTraces === failed
  if (!stage.modelServer) {
    console.log('The real service keeps its own ledger: there is nothing to compare tokens and cost with.')
    return countsAgree
  }
  const { entries } = stage.modelServer.ledger
  const ledger = ledgerByAgent(entries)
  const agents = [...new Set([...ledger.keys(), ...shown.agents.keys()])].toSorted()
  const { text, agrees } = comparisonTable(
    [
      ...agents.map((name) => ({
        name,
        shown: shown.agents.get(name) ?? noFigures(),
        expected: ledger.get(name) ?? noFigures(),
      })),
      { name: 'total', shown: shown.totals, expected: ledgerFigures(entries) },
    ],
    'console = ledger',
  )
  console.log(`${text}\n`)
  for (const { question, explanation } of shown.anomalies)
    console.log(`anomaly at question ${question}: ${explanation}`)
  const ok = agrees && countsAgree
  console.log(
    ok ? styleText('green', 'Console and ledger agree.') : styleText('red', 'Console and ledger do not agree.'),
  )
  return ok
}

function failedNote(count: number | undefined): string {
  return count === undefined ? '' : `${count} failed`
}
