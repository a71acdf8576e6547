import type OpenAI from 'openai'

/** A message as it was sent to the model. */
export type Message = OpenAI.Chat.ChatCompletionMessageParam

/** What the model said in a recorded call. */
export interface RecordedReply {
  text: string
  toolCalls: readonly { id: string; name: string; arguments: string }[]
}

/** One message of an agent, and everything that was said before it. */
export interface ChatStep {
  kind: 'chat'
  /** Number of the message in its recording. */
  step: number
  input: readonly Message[]
  reply: RecordedReply
}

/** One result of a tool. */
export interface ToolStep {
  kind: 'tool'
  step: number
  name: string
  callId: string | undefined
  arguments: string
  result: string
  /** Set when the tool reported a failure: its error type, a word or an exit code. */
  errorType: string | undefined
}

/** What one agent did before the next speaker, in order. */
export interface Turn {
  agent: string
  steps: readonly (ChatStep | ToolStep)[]
}

/** A recorded conversation, whatever format it was read from. */
export interface Recording {
  /** Unique among all recordings of a replay. */
  id: string
  /** Name of the data set, in span names. */
  collection: string
  title: string
  userId: string | undefined
  turns: readonly Turn[]
  /** Whether the agents solved their task. */
  solved: boolean
}

/** Puts steps in order into turns: a new one wherever `agent` differs, or after `startTurn()`. */
export function turnCollector(): {
  add(agent: string, step: ChatStep | ToolStep): void
  startTurn(): void
  turns: readonly Turn[]
} {
  const turns: { agent: string; steps: (ChatStep | ToolStep)[] }[] = []
  let fresh = true
  return {
    turns,
    startTurn: () => void (fresh = true),
    add(agent, step) {
      const last = turns.at(-1)
      if (!fresh && last?.agent === agent) last.steps.push(step)
      else turns.push({ agent, steps: [step] })
      fresh = false
    },
  }
}
