import { setTimeout as sleep } from 'node:timers/promises'
import { heedLauncher, tellLauncher } from '../stage/launcher-link.ts'
import { type Desk, openDesk } from './desk.ts'
import { questionAt } from './questions.ts'

/** How many questions are asked, and how fast. */
export interface Traffic {
  /** Where the researcher is. */
  researcherUrl: string
  /** Questions in all; `null`: until told to stop. */
  questions: number | null
  /** Questions under way at the same time. */
  concurrency: number
  /** Mean time between questions, in milliseconds. */
  interval: number
}

const GRACE = 1000
const stopping = new AbortController()
let asked = 0

async function ask(desk: Desk, index: number): Promise<void> {
  const question = questionAt(index)
  try {
    const { kind, rating } = await desk.answer(question)
    tellLauncher({ type: 'run', index, outcome: kind, question: question.text, user: question.userId, rating })
  } catch (error) {
    tellLauncher({
      type: 'run',
      index,
      outcome: 'failed',
      question: question.text,
      user: question.userId,
      error: String(error),
    })
  }
}

async function askUntilStopped(desk: Desk, { questions, interval }: Traffic): Promise<void> {
  const mayAsk = () => !stopping.signal.aborted && (questions === null || asked < questions)
  while (mayAsk()) {
    await ask(desk, asked++)
    // Arrivals without a rhythm look like those of people.
    if (interval > 0) await pause(-Math.log(Math.random()) * interval)
  }
}

async function pause(milliseconds: number): Promise<void> {
  await sleep(milliseconds, undefined, { signal: stopping.signal }).catch(() => undefined)
}

/** Asks no more. Runs that are under way get a moment to end; then the process goes as at any SIGTERM, flushed. */
function stop(): void {
  stopping.abort()
  if (process.connected) process.disconnect()
  setTimeout(() => process.kill(process.pid, 'SIGTERM'), GRACE).unref()
}

heedLauncher(async (message) => {
  if (message.type === 'stop' && !stopping.signal.aborted) stop()
  if (message.type !== 'traffic') return
  const traffic = message['traffic'] as Traffic
  const desk = openDesk(traffic.researcherUrl)
  await Promise.all(Array.from({ length: traffic.concurrency }, () => askUntilStopped(desk, traffic)))
  tellLauncher({ type: 'done' })
})

tellLauncher({ type: 'ready' })
