import type { ModelRequest, Reply } from '@agentel/testing/model-server'

const CITY = { city: 'Paris' }
const WORDS = 'one two three four five six seven eight nine ten'

/** The last thing that the user said is what the model does: `error after 2`, `fault rate_limit`, else it counts to ten. */
export function reply(request: ModelRequest): Reply {
  const text = request.messages.findLast((message) => message.role === 'user')?.text ?? ''
  const [command = '', ...words] = text.split(' ')
  const rest = words.join(' ')
  switch (command) {
    case 'error':
    case 'drop':
      return { text: WORDS, interrupt: { how: command, afterChunks: Number(words.at(-1)) } }
    case 'silence':
      return { silence: rest as 'hang' }
    case 'fault':
      return { fault: { kind: rest as 'rate_limit' } }
    case 'slowly':
      return { text: WORDS, chunkDelay: Number(rest) }
    case 'usage': {
      const [inputTokens, outputTokens, cachedTokens, reasoningTokens] = words.map(Number)
      return { text: WORDS, usage: { inputTokens, outputTokens, cachedTokens, reasoningTokens } as never }
    }
    case 'call': {
      const [names = '', afterwards] = rest.split(' then ')
      const answered = request.messages.some(({ toolCallId }) => toolCallId !== undefined)
      if (answered) return afterwards === undefined ? { text: WORDS } : { fault: { kind: 'invalid_request' } }
      const toolCalls = names.split(' ').map((name, index) => ({ id: `call_${index + 1}`, name, arguments: CITY }))
      return { toolCalls }
    }
    case 'city':
      return { text: '{"city": "Paris"}' }
    default:
      return { text: WORDS }
  }
}
