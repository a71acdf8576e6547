import { agent, handoff, type Handle, tool, withIdentity, workflow } from '@agentel/api'
import OpenAI from 'openai'
import { RECORDED_STEP_HEADER } from './recorded-model.ts'
import type { ChatStep, Recording, ToolStep, Turn } from './recording.ts'

/** All recordings are of this model. */
export const RECORDED_MODEL = 'gpt-4o'

/**
 * Plays a recorded conversation again: each turn is an invocation of its agent, each message of an agent a chat with
 * the model, each tool result a tool call, each change of speaker a handoff.
 */
export function replayConversation(client: OpenAI, recording: Recording): Promise<void> {
  const { id, collection, userId } = recording
  const identity = { sessionId: id, conversationId: id, ...(userId !== undefined && { userId }) }
  return withIdentity(identity, () =>
    workflow({ name: collection }, async () => {
      let speaker: string | undefined
      for (const turn of recording.turns) {
        const play = () => playTurn(client, recording, turn)
        if (speaker === undefined || speaker === turn.agent) await play()
        else await handoff({ source: speaker, target: turn.agent, mode: 'pass_control' }, play)
        speaker = turn.agent
      }
    }),
  )
}

function playTurn(client: OpenAI, recording: Recording, turn: Turn): Promise<void> {
  return agent({ name: turn.agent }, async () => {
    for (const step of turn.steps) {
      if (step.kind === 'chat') await playChat(client, recording, step)
      else tool({ name: step.name, arguments: step.arguments, ...callId(step) }, (call) => playTool(call, step))
    }
  })
}

const callId = (step: ToolStep) => (step.callId === undefined ? {} : { callId: step.callId })

async function playChat(client: OpenAI, { id }: Recording, { step, input }: ChatStep): Promise<void> {
  const messages = [...input]
  await client.chat.completions.create(
    { model: RECORDED_MODEL, messages },
    { headers: { [RECORDED_STEP_HEADER]: `${id}/${step}` } },
  )
}

/** A tool's failure was told to the model, not thrown: the span fails, the conversation goes on. */
function playTool(call: Handle, { result, errorType }: ToolStep): string {
  if (errorType !== undefined) call.fail(new Error(result), { type: errorType })
  return result
}
