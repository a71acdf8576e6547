import { createHash } from 'node:crypto'
import type { ModelMessage } from './reply.ts'
import { countMessage, type CountTokens } from './token-counter.ts'

/** Says how many of the input tokens were seen before, and remembers this input. */
export type PromptCache = (model: string, messages: readonly ModelMessage[], count: CountTokens) => number

const BLOCK_TOKENS = 128
const REMEMBERED_PREFIXES = 10_000

/**
 * A prompt cache as OpenAI's: the longest run of messages from the start that an earlier request to the same model
 * began with too, in whole blocks of 128 tokens, if it is at least `minimum` tokens long.
 */
export function createPromptCache(minimum: number): PromptCache {
  const known = new Set<string>()
  return (model, messages, count) => {
    let prefix = model
    let tokens = 0
    let cached = 0
    for (const message of messages) {
      prefix = createHash('sha1').update(prefix).update(JSON.stringify(message)).digest('base64')
      tokens += countMessage(count, message)
      if (known.has(prefix)) cached = tokens
      else remember(known, prefix)
    }
    return cached >= minimum ? Math.floor(cached / BLOCK_TOKENS) * BLOCK_TOKENS : 0
  }
}

function remember(known: Set<string>, prefix: string): void {
  if (known.size >= REMEMBERED_PREFIXES) known.clear()
  known.add(prefix)
}
