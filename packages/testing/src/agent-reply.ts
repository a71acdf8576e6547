import type { ModelRequest, Reply } from './model-server/index.ts'

/**
 * A scenario for frameworks of agents. The last thing that the user said is what the model does (`call weather search`,
 * `fault rate_limit`, else a few words); when its tools have answered, it says so.
 */
export function agentReply(request: ModelRequest): Reply {
  const asked = request.messages.findLastIndex(({ role }) => role === 'user')
  const [command = '', ...names] = (request.messages[asked]?.text ?? '').split(' ')
  const usage = { inputTokens: 100, outputTokens: 20, cachedTokens: 0, reasoningTokens: 0 }
  if (command === 'fault') return { fault: { kind: names[0] as 'rate_limit' } }
  if (command !== 'call') return { text: 'one two three', usage }
  const answered = request.messages.slice(asked).some(({ role }) => role === 'tool')
  if (answered) return { text: 'the tools have answered', usage }
  return {
    usage,
    toolCalls: names.map((name, index) => ({ id: `call_${index + 1}`, name, arguments: { city: 'Paris' } })),
  }
}
