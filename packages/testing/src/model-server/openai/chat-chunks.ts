import type { StreamChunk } from '../exchange.ts'
import type { Reply } from '../reply.ts'
import type { ChatAnswer } from './chat.ts'
import { argumentPieces, textPieces } from '../text-pieces.ts'

/** The chunks of a streamed chat completion: role, content, tool calls piece by piece, finish, usage, `[DONE]`. */
export function* chatChunks(answer: ChatAnswer, reply: Reply, withUsage: boolean): Generator<StreamChunk> {
  const frame = {
    id: answer.id,
    object: 'chat.completion.chunk',
    created: answer.created,
    model: answer.model,
    service_tier: 'default',
    system_fingerprint: 'fp_local0000',
  }
  const chunk = (choices: unknown[], usage: unknown = null): StreamChunk => ({
    data: JSON.stringify({ ...frame, choices, ...(withUsage && { usage }) }),
  })
  const choice = (index: number, delta: unknown, finish: string | null = null) =>
    chunk([{ index, delta, logprobs: null, finish_reason: finish }])

  for (const [index, text] of answer.texts.entries()) {
    const bare = text === '' && answer.toolCalls.length > 0
    yield choice(index, { role: 'assistant', content: bare ? null : '', refusal: null })
    for (const content of reply.refusal === undefined ? textPieces(reply, text) : []) yield choice(index, { content })
    for (const refusal of textPieces({}, reply.refusal ?? '')) yield choice(index, { refusal })
    for (const [position, call] of answer.toolCalls.entries()) {
      const { id, name } = call
      yield choice(index, {
        tool_calls: [{ index: position, id, type: 'function', function: { name, arguments: '' } }],
      })
      for (const piece of argumentPieces(call.arguments)) {
        yield choice(index, { tool_calls: [{ index: position, function: { arguments: piece } }] })
      }
    }
    yield choice(index, {}, answer.finishReason)
  }
  if (withUsage) yield chunk([], answer.usage)
  yield { data: '[DONE]' }
}
