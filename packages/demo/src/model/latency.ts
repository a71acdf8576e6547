import type { ModelRequest, Reply } from '@agentel/testing/model-server'

/** Milliseconds to the first token, and for each token after it: roughly what the real models take. */
const SPEEDS: Readonly<Record<string, readonly [number, number]>> = {
  'gpt-4.1': [420, 9],
  'gpt-4o': [360, 11],
  'gpt-4o-mini': [240, 7],
  'o4-mini': [1300, 6],
  'text-embedding-3-small': [60, 0],
}
const CHARACTERS_A_TOKEN = 4
const SPREAD = 0.35
const SLOW_SHARE = 0.03
const SLOW_FACTOR = 4

/** How long an answer takes: seldom the same twice, at times much longer. */
export function latencyOf(request: ModelRequest, reply: Reply, pace: number): Pick<Reply, 'delay' | 'chunkDelay'> {
  const [first, each] = SPEEDS[request.model] ?? [300, 8]
  const factor = pace * Math.exp(SPREAD * gaussian()) * (Math.random() < SLOW_SHARE ? SLOW_FACTOR : 1)
  if (request.stream) return { delay: first * factor, chunkDelay: each * factor }
  const tokens = JSON.stringify(reply.text ?? reply.toolCalls ?? '').length / CHARACTERS_A_TOKEN
  return { delay: (first + each * tokens) * factor }
}

/** A value of the normal distribution (Box and Muller). */
function gaussian(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())
}
