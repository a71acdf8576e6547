import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { processEvent, publishEvent, worker } from '@agentel/api'

/** How many answers the archive keeps. */
const MOST_KEPT = 200

/** An answer as it goes over the bus; the context of the run travels in `headers`. */
interface Written {
  readonly id: string
  readonly text: string
  readonly headers: object
  filed(): void
}

const bus = new EventEmitter<{ 'answer.written': [Written] }>()
const kept: string[] = []
let written = 0

/** Whoever takes answers from the bus and files them. */
bus.on('answer.written', ({ id, text, headers, filed }) => {
  const file = () =>
    worker({ name: 'archivist' }, async () => {
      // About as long as a disk takes for it.
      await sleep(5 + text.length / 40)
      kept.push(text)
      if (kept.length > MOST_KEPT) kept.shift()
    })
  void processEvent({ type: 'answer.written', id, carrier: headers }, file).finally(filed)
})

/** Puts an answer on the bus; resolves when the archive has it. */
export async function archive(text: string): Promise<void> {
  const id = `answer-${++written}`
  const headers = {}
  await new Promise<void>((filed) => {
    publishEvent({ type: 'answer.written', id, transactionId: id, carrier: headers }, () =>
      bus.emit('answer.written', { id, text, headers, filed }),
    )
  })
}
