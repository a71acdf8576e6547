import { setTimeout as sleep } from 'node:timers/promises'
import { heedLauncher, tellLauncher } from '../stage/launcher-link.ts'
import { openDesk } from './desk.ts'
import { questionAt } from './questions.ts'

/** How many questions are asked, and how fast. */
export interface Traffic {
  /** Questions in all; `null`: until told to stop. */
  questions: number | null
  /** Questions under way at the same time. */
  concurrency: number
  /** Mean time between questions, in milliseconds. */
  interval: number
}

const desk = openDesk(process.env['RESEARCHER_URL'] ?? 'http://127.0.0.1:8080')
let stopped = false
let asked = 0
const stopping = Promise.withResolvers<void>()

async function ask(index: number): Promise<void> {
  const question = questionAt(index)
  try {
    const { kind } = await desk.answer(question)
    tellLauncher({ type: 'run', index, outcome: kind, question: question.text, user: question.userId })
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

async function askUntilStopped({ questions, interval }: Traffic): Promise<void> {
  while (!stopped && (questions === null || asked < questions)) {
    await ask(asked++)
    // Arrivals without a rhythm look like those of people.
    if (interval > 0) await Promise.race([sleep(-Math.log(Math.random()) * interval), stopping.promise])
  }
}

heedLauncher(async (message) => {
  if (message.type === 'stop') {
    stopped = true
    stopping.resolve()
    if (process.connected) process.disconnect()
  }
  if (message.type !== 'traffic') return
  const traffic = message['traffic'] as Traffic
  await Promise.all(Array.from({ length: traffic.concurrency }, () => askUntilStopped(traffic)))
  tellLauncher({ type: 'done' })
})

tellLauncher({ type: 'ready' })
