import { type Message, type Recording, turnCollector } from './recording.ts'

/** A run of tau-bench: one agent, its tools, and a customer; messages in OpenAI's format. */
export interface TauBenchRun {
  task_id: number
  trial: number
  reward: number
  info: { task: { user_id?: string; instruction?: string } }
  traj: readonly TauBenchMessage[]
}

interface TauBenchMessage {
  role: 'system' | 'user' | 'assistant' | 'tool'
  content: string | null
  name?: string
  tool_call_id?: string
  tool_calls?: readonly { id: string; type: 'function'; function: { name: string; arguments: string } }[]
}

const AGENT = 'airline_agent'

/** Reads a run: every message of the agent is a chat, every tool message a tool's result; the customer opens a turn. */
export function readTauBench(run: TauBenchRun): Recording {
  const collector = turnCollector()
  const calls = new Map<string, { name: string; arguments: string }>()
  for (const [step, message] of run.traj.entries()) {
    if (message.role === 'user') collector.startTurn()
    if (message.role === 'assistant') {
      const toolCalls = (message.tool_calls ?? []).map(({ id, function: call }) => ({ id, ...call }))
      for (const { id, ...call } of toolCalls) calls.set(id, call)
      const reply = { text: message.content ?? '', toolCalls }
      collector.add(AGENT, { kind: 'chat', step, input: run.traj.slice(0, step) as Message[], reply })
    }
    if (message.role === 'tool') {
      const result = message.content ?? ''
      const call = calls.get(message.tool_call_id ?? '')
      collector.add(AGENT, {
        kind: 'tool',
        step,
        name: message.name ?? call?.name ?? 'unknown',
        callId: message.tool_call_id,
        arguments: call?.arguments ?? '{}',
        result,
        errorType: result.startsWith('Error:') ? 'tool_error' : undefined,
      })
    }
  }
  return {
    id: `airline-${run.task_id}-${run.trial}`,
    collection: 'tau_bench_airline',
    title: run.traj.find(({ role }) => role === 'user')?.content ?? '',
    userId: run.info.task.user_id,
    turns: collector.turns,
    solved: run.reward === 1,
  }
}
