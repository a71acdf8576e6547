import { createHash } from 'node:crypto'
import { respondJson } from '../exchange.ts'
import type { Route } from '../protocol.ts'
import { usageOf } from '../token-counter.ts'
import { respondInvalid, serviceHeaders } from './errors.ts'
import { ask } from './ask.ts'

const DIMENSIONS: Readonly<Record<string, number>> = { 'text-embedding-3-large': 3072 }

/**
 * `POST /v1/embeddings`: unit vectors as numbers or as base64 of 32-bit floats. A text's vector is the sum of its
 * words' vectors, so texts that share words are near to each other.
 */
export const embeddingsRoute: Route = {
  method: 'POST',
  path: /^\/v1\/embeddings$/,
  async handle(exchange, services) {
    const body = exchange.body ?? {}
    const inputs = inputsOf(body['input'])
    if (!inputs)
      return respondInvalid(exchange, 'input', "'input' must be a non-empty string or list of strings or tokens.")
    const messages = inputs.map((input) => ({
      role: 'user',
      text: typeof input === 'string' ? input : input.join(' '),
      toolCalls: [],
    }))
    const reply = await ask(exchange, services, 'embeddings', messages)
    if (!reply) return
    const count = await services.countTokens()
    const tokens = () =>
      inputs.reduce((sum, input) => sum + (typeof input === 'string' ? count(input) : input.length), 0)
    const none = () => 0
    const usage = usageOf(reply.usage, {
      inputTokens: tokens,
      outputTokens: none,
      cachedTokens: none,
      reasoningTokens: none,
    })
    const length = Number(body['dimensions'] ?? DIMENSIONS[exchange.entry.model] ?? 1536)
    const base64 = body['encoding_format'] === 'base64'
    const data = messages.map(({ text }, index) => {
      const vector = vectorOf(text, length)
      return {
        object: 'embedding',
        index,
        embedding: base64 ? Buffer.from(vector.buffer).toString('base64') : [...vector],
      }
    })
    exchange.entry.usage = usage
    exchange.entry.usageReported = true
    const answer = {
      object: 'list',
      data,
      model: exchange.entry.responseModel,
      usage: { prompt_tokens: usage.inputTokens, total_tokens: usage.inputTokens },
    }
    respondJson(exchange, 200, answer, { ...reply, headers: { ...serviceHeaders(exchange), ...reply.headers } })
  },
}

function inputsOf(input: unknown): (string | number[])[] | undefined {
  if (typeof input === 'string') return input === '' ? undefined : [input]
  if (!Array.isArray(input) || input.length === 0) return undefined
  if (input.every((item) => typeof item === 'number')) return [input]
  return input.every((item) => typeof item === 'string' || Array.isArray(item))
    ? (input as (string | number[])[])
    : undefined
}

function vectorOf(text: string, length: number): Float32Array<ArrayBuffer> {
  const vector = new Float32Array(length)
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text]) addWord(vector, word)
  let square = 0
  for (const value of vector) square += value * value
  return vector.map((value) => value / Math.sqrt(square))
}

function addWord(vector: Float32Array, word: string): void {
  let seed = createHash('sha256').update(word).digest().readUInt32LE(0)
  for (let index = 0; index < vector.length; index++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    vector[index]! += seed / 2 ** 31 - 1
  }
}
