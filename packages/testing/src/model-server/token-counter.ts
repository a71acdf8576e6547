import type { ModelMessage, Reply, UsageOverride } from './reply.ts'

/** Counts the tokens of a text in the encoding of the model. */
export type CountTokens = (text: string) => number

/** Tokens of one call as the provider bills them; `inputTokens` contains the cached ones, `outputTokens` the reasoning. */
export interface Usage {
  inputTokens: number
  outputTokens: number
  cachedTokens: number
  /** Part of `inputTokens` that was written into the cache; only where it is billed. */
  cacheWriteTokens?: number
  /** Part of `cacheWriteTokens` that is kept for an hour. */
  cacheWrite1hTokens?: number
  reasoningTokens: number
}

const CACHED_TEXTS = 20_000
let loading: Promise<CountTokens> | undefined

/**
 * Loads gpt-tokenizer's o200k_base (about 0.2 s) on the first call. Counts are remembered, because each turn of
 * a conversation sends all earlier messages again.
 */
export function loadTokenCounter(): Promise<CountTokens> {
  loading ??= import('gpt-tokenizer/encoding/o200k_base').then(({ countTokens }) => {
    const known = new Map<string, number>()
    return (text) => {
      let count = known.get(text)
      if (count === undefined) {
        if (known.size >= CACHED_TEXTS) known.clear()
        // Texts that contain '<|endoftext|>' and the like are ordinary text here, not an error.
        count = countTokens(text, { disallowedSpecial: new Set() })
        known.set(text, count)
      }
      return count
    }
  })
  return loading
}

/**
 * Input tokens of a list of messages, by the published rule for chat models: 3 for each message, its role, text
 * and name (one more) and tool calls, 3 for the start of the answer, and the tool definitions as JSON.
 */
export function countInput(count: CountTokens, messages: readonly ModelMessage[], tools: unknown): number {
  let total = 3
  for (const message of messages) total += countMessage(count, message)
  return Array.isArray(tools) && tools.length > 0 ? total + count(JSON.stringify(tools)) : total
}

/** Tokens that one message adds to the input. */
export function countMessage(count: CountTokens, message: ModelMessage): number {
  let total = 3 + count(message.role) + count(message.text)
  if (message.name !== undefined) total += 1 + count(message.name)
  for (const call of message.toolCalls) total += count(call.name) + count(call.arguments)
  return total
}

/** Tokens of the answer's texts (all choices), refusal, reasoning and tool calls. */
export function countOutput(count: CountTokens, reply: Reply, texts: readonly string[]): number {
  let total = 0
  for (const text of texts) total += count(text)
  if (reply.refusal !== undefined) total += count(reply.refusal)
  if (reply.reasoning !== undefined) total += count(reply.reasoning)
  for (const call of reply.toolCalls ?? []) total += count(call.name) + count(argumentsText(call.arguments))
  return total
}

/** The usage of a call: what the reply says, the rest counted; nothing is counted that the reply says. */
export function usageOf(
  override: UsageOverride | undefined,
  counts: { [K in keyof Required<Usage> as Exclude<K, 'cacheWriteTokens' | 'cacheWrite1hTokens'>]: () => number },
): Usage {
  return {
    inputTokens: override?.inputTokens ?? counts.inputTokens(),
    outputTokens: override?.outputTokens ?? counts.outputTokens(),
    cachedTokens: override?.cachedTokens ?? counts.cachedTokens(),
    reasoningTokens: override?.reasoningTokens ?? counts.reasoningTokens(),
    ...(override?.cacheWriteTokens === undefined ? undefined : { cacheWriteTokens: override.cacheWriteTokens }),
    ...(override?.cacheWrite1hTokens === undefined ? undefined : { cacheWrite1hTokens: override.cacheWrite1hTokens }),
  }
}

/** A tool call's arguments as they go over the wire. */
export function argumentsText(value: string | Record<string, unknown>): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
