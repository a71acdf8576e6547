import { once } from 'node:events'
import { styleText } from 'node:util'
import type { DemoOptions } from './demo-options.ts'
import { openDemo } from './open-demo.ts'
import { stopSignal } from './stage/stop-signal.ts'

/** Keeps asking questions until Ctrl-C; resolves to the exit code. */
export async function runUntilStopped(options: DemoOptions): Promise<number> {
  const stopped = stopSignal()
  const demo = await openDemo(options, (step) => console.log(styleText('dim', `… ${step}`)))
  const interval = options.real ? 30_000 : 1500 * options.pace
  const concurrency = options.real ? 1 : 3
  demo.desk.onMessage((message) => {
    if (message.type === 'run') console.log(describeRun(message))
  })
  // Nobody asks for the ledger here, and the demo may run for days.
  setInterval(() => demo.stage.modelServer?.ledger.clear(), 60_000).unref()
  const { researcherUrl } = demo
  demo.desk.send({ type: 'traffic', traffic: { researcherUrl, questions: null, concurrency, interval } })
  console.log(`\n  The console is at ${styleText(['bold', 'cyan'], demo.stage.consoleUrl)}\n`)
  if (options.real) console.log('  The agents use the real service (OPENAI_API_KEY is set): this costs money.\n')
  console.log(styleText('dim', '  Ctrl-C ends the demo.\n'))
  const crashed = once(demo.desk.child, 'exit').then(() => 'crashed' as const)
  const reason = await Promise.race([stopped, crashed])
  if (reason !== 'crashed') console.log(styleText('dim', '\n… stopping'))
  await demo.close()
  if (reason !== 'crashed') return 0
  console.error('The desk ended by itself; what it said is above.')
  return 1
}

const MARKS = { answered: styleText('green', '✓'), refused: styleText('yellow', '⊘'), failed: styleText('red', '✗') }

/** One line about a finished run. */
export function describeRun({ outcome, question, user, error }: Record<string, unknown>): string {
  const mark = MARKS[outcome as keyof typeof MARKS]
  return `${mark} ${String(question)} ${styleText('dim', `${String(user)}${error === undefined ? '' : `: ${String(error)}`}`)}`
}
