import type { Scenario } from '@agentel/testing/model-server'
import type { RecordedReply, Recording } from './recording.ts'

/** Names the recorded message that a request stands for: `<recording id>/<step>`. */
export const RECORDED_STEP_HEADER = 'x-recorded-step'

/** A model that answers what was recorded, by the header of the request. */
export function recordedModel(recordings: readonly Recording[], chunkDelay = 0): Scenario {
  const replies = new Map<string, RecordedReply>()
  for (const { id, turns } of recordings) {
    for (const step of turns.flatMap(({ steps }) => steps)) {
      if (step.kind === 'chat') replies.set(`${id}/${step.step}`, step.reply)
    }
  }
  return ({ headers }) => {
    const key = String(headers[RECORDED_STEP_HEADER])
    const reply = replies.get(key)
    if (!reply) return { fault: { kind: 'invalid_request', message: `No recorded message ${key}.` } }
    return { ...reply, delay: chunkDelay * Math.ceil(reply.text.length / 5) }
  }
}
