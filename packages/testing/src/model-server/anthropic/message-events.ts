import type { StreamChunk } from '../exchange.ts'
import { argumentPieces, textPieces } from '../text-pieces.ts'
import type { Reply } from '../reply.ts'
import type { ContentBlock, MessageAnswer } from './messages.ts'

/** The events of a streamed message: start, a ping, each block in pieces, the end's reason and usage, stop. */
export function* messageEvents(answer: MessageAnswer, reply: Reply): Generator<StreamChunk> {
  const { id, model, usage } = answer
  const event = (type: string, fields: object = {}): StreamChunk => ({
    event: type,
    data: JSON.stringify({ type, ...fields }),
  })
  yield event('message_start', {
    message: {
      id,
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      // The output's tokens are not known yet: the service counts the first one.
      usage: { ...usage, output_tokens: 1, output_tokens_details: null },
    },
  })
  yield event('ping')
  for (const [index, block] of answer.content.entries()) {
    yield event('content_block_start', { index, content_block: emptyBlock(block) })
    for (const delta of deltasOf(block, answer, reply)) yield event('content_block_delta', { index, delta })
    yield event('content_block_stop', { index })
  }
  yield event('message_delta', { delta: { stop_reason: answer.stopReason, stop_sequence: null }, usage })
  yield event('message_stop')
}

function emptyBlock(block: ContentBlock): object {
  if (block.type === 'text') return { type: 'text', text: '' }
  if (block.type === 'thinking') return { type: 'thinking', thinking: '', signature: '' }
  return { ...block, input: {} }
}

function* deltasOf(block: ContentBlock, { argumentsOf }: MessageAnswer, reply: Reply): Generator<object> {
  if (block.type === 'text') {
    for (const text of textPieces(reply, block.text)) yield { type: 'text_delta', text }
  } else if (block.type === 'thinking') {
    for (const thinking of textPieces({}, block.thinking)) yield { type: 'thinking_delta', thinking }
    yield { type: 'signature_delta', signature: block.signature }
  } else {
    yield { type: 'input_json_delta', partial_json: '' }
    for (const piece of argumentPieces(argumentsOf.get(block.id) ?? ''))
      yield { type: 'input_json_delta', partial_json: piece }
  }
}
