import OpenAI from 'openai'
import { heedLauncher, tellLauncher } from '../stage/launcher-link.ts'
import { readRecordings } from './read-recordings.ts'
import { replayConversation } from './replay-conversation.ts'

/** What the launcher asks for. */
export interface ReplayOrder {
  paths: readonly string[]
  /** Conversations under way at the same time. */
  concurrency: number
}

const client = new OpenAI()
let stopped = false

async function replay({ paths, concurrency }: ReplayOrder): Promise<void> {
  const waiting = paths.flatMap(readRecordings).values()
  const worker = async () => {
    for (const recording of waiting) {
      if (stopped) return
      await replayConversation(client, recording)
      tellLauncher({ type: 'replayed', id: recording.id })
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
}

heedLauncher((message) => {
  if (message.type === 'stop') {
    stopped = true
    if (process.connected) process.disconnect()
  }
  if (message.type !== 'replay') return
  replay(message['order'] as ReplayOrder).then(
    () => tellLauncher({ type: 'done' }),
    (error: unknown) => tellLauncher({ type: 'failed', error: String(error) }),
  )
})

tellLauncher({ type: 'ready' })
