import type { ModelRequest, Reply, UsageOverride } from '@agentel/testing/model-server'

const WORDS = 'one two three four five six seven eight nine ten'

/** The last thing that the user said is what the model does: `drop after 2`, `fault rate_limit`, else it counts to ten. */
export function reply(request: ModelRequest): Reply {
  const text = request.messages.findLast((message) => message.role === 'user')?.text ?? ''
  const [command = '', ...words] = text.split(' ')
  const rest = words.join(' ')
  switch (command) {
    case 'drop':
    case 'hang':
    case 'error':
      return { text: WORDS, interrupt: { how: command, afterChunks: Number(words.at(-1)) } }
    case 'silence':
      return { silence: rest as 'drop' | 'hang' }
    case 'fault':
      return { fault: { kind: rest as 'rate_limit' } }
    case 'limit': // once, then it works
      return request.attempt === 0
        ? { fault: { kind: 'rate_limit' }, headers: { 'retry-after-ms': '10' } }
        : { text: WORDS }
    case 'broken':
      return { rawBody: '{"id": "chatcmpl-1", "choices": [' }
    case 'slowly':
      return { text: WORDS, delay: Number(rest) }
    case 'cut':
      return { text: '{"city": "Par', finishReason: 'length' }
    case 'usage':
      return { text: WORDS, usage: readUsage(words) }
    case 'refuse':
      return { refusal: 'I will not.' }
    case 'call':
      return hasToolResult(request)
        ? { text: WORDS }
        : { toolCalls: [{ id: 'call_1', name: rest, arguments: { city: 'Paris' } }] }
    case 'city':
      return { text: '{"city": "Paris"}' }
    default:
      return { text: WORDS }
  }
}

/** Tokens in, out, and of those in the cached ones. */
function readUsage([inputTokens, outputTokens, cachedTokens]: readonly string[]): UsageOverride {
  return {
    inputTokens: Number(inputTokens),
    outputTokens: Number(outputTokens),
    cachedTokens: Number(cachedTokens),
    reasoningTokens: 0,
  }
}

function hasToolResult(request: ModelRequest): boolean {
  return request.messages.some((message) => message.toolCallId !== undefined)
}
