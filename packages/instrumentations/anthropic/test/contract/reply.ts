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
      return { rawBody: '{"id": "msg_1", "content": [' }
    case 'slowly':
      return { text: WORDS, delay: Number(rest) }
    case 'usage':
      return { text: WORDS, usage: readUsage(words) }
    case 'think':
      return { text: WORDS, reasoning: 'first this, then that' }
    case 'call':
      return request.messages.some(({ toolCallId }) => toolCallId !== undefined)
        ? { text: WORDS }
        : { toolCalls: [{ id: 'toolu_1', name: rest, arguments: { city: 'Paris' } }] }
    default:
      return { text: WORDS }
  }
}

/** Tokens in, out, and of those in the ones read from the cache and written into it. */
function readUsage([inputTokens, outputTokens, cachedTokens, cacheWriteTokens]: readonly string[]): UsageOverride {
  return {
    inputTokens: Number(inputTokens),
    outputTokens: Number(outputTokens),
    cachedTokens: Number(cachedTokens),
    cacheWriteTokens: Number(cacheWriteTokens),
    reasoningTokens: 0,
  }
}
