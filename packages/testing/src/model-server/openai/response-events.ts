import type { StreamChunk } from '../exchange.ts'
import type { Reply } from '../reply.ts'
import type { ResponseObject } from './responses.ts'
import { argumentPieces, textPieces } from '../text-pieces.ts'

type Item = Record<string, unknown>
type Event = { type: string } & Record<string, unknown>

/** The events of a streamed response, numbered, from `response.created` to `response.completed` or `.incomplete`. */
export function* responseEvents(whole: ResponseObject, reply: Reply): Generator<StreamChunk> {
  let sequence = 0
  for (const { type, ...rest } of eventsOf(whole, reply)) {
    yield { event: type, data: JSON.stringify({ type, sequence_number: sequence++, ...rest }) }
  }
}

/** The same for a stored response that is fetched as a stream, without the events up to `after`. */
export function* retrievedEvents(whole: ResponseObject, after: number): Generator<StreamChunk> {
  let sequence = 0
  for (const chunk of responseEvents(whole, {})) if (sequence++ > after) yield chunk
}

function* eventsOf(whole: ResponseObject, reply: Reply): Generator<Event> {
  const begun = { ...whole, status: 'in_progress', output: [], usage: null, incomplete_details: null }
  yield { type: 'response.created', response: begun }
  yield { type: 'response.in_progress', response: begun }
  for (const [index, item] of whole.output.entries()) {
    if (item['type'] === 'reasoning') yield* reasoningEvents(item, index)
    else if (item['type'] === 'message') yield* messageEvents(item, index, reply)
    else yield* callEvents(item, index)
  }
  yield { type: whole['status'] === 'incomplete' ? 'response.incomplete' : 'response.completed', response: whole }
}

function* reasoningEvents(item: Item, index: number): Generator<Event> {
  const [part] = item['summary'] as { type: string; text: string }[]
  const place = { item_id: item['id'], output_index: index, summary_index: 0 }
  yield { type: 'response.output_item.added', output_index: index, item: { ...item, summary: [] } }
  yield { type: 'response.reasoning_summary_part.added', ...place, part: { type: 'summary_text', text: '' } }
  for (const delta of textPieces({}, part?.text ?? '')) {
    yield { type: 'response.reasoning_summary_text.delta', ...place, delta }
  }
  yield { type: 'response.reasoning_summary_text.done', ...place, text: part?.text }
  yield { type: 'response.reasoning_summary_part.done', ...place, part }
  yield { type: 'response.output_item.done', output_index: index, item }
}

function* messageEvents(item: Item, index: number, reply: Reply): Generator<Event> {
  const [part] = item['content'] as Item[]
  const place = { item_id: item['id'], output_index: index, content_index: 0 }
  const refused = part?.['type'] === 'refusal'
  const text = String(refused ? part['refusal'] : part?.['text'])
  const empty = refused ? { ...part, refusal: '' } : { ...part, text: '' }
  const kind = refused ? 'response.refusal' : 'response.output_text'
  const more = refused ? {} : { logprobs: [] }
  yield {
    type: 'response.output_item.added',
    output_index: index,
    item: { ...item, status: 'in_progress', content: [] },
  }
  yield { type: 'response.content_part.added', ...place, part: empty }
  for (const delta of textPieces(refused ? {} : reply, text)) yield { type: `${kind}.delta`, ...place, delta, ...more }
  yield { type: `${kind}.done`, ...place, ...(refused ? { refusal: text } : { text }), ...more }
  yield { type: 'response.content_part.done', ...place, part }
  yield { type: 'response.output_item.done', output_index: index, item }
}

function* callEvents(item: Item, index: number): Generator<Event> {
  const place = { item_id: item['id'], output_index: index }
  const text = String(item['arguments'])
  yield {
    type: 'response.output_item.added',
    output_index: index,
    item: { ...item, status: 'in_progress', arguments: '' },
  }
  for (const delta of argumentPieces(text)) yield { type: 'response.function_call_arguments.delta', ...place, delta }
  yield { type: 'response.function_call_arguments.done', ...place, name: item['name'], arguments: text }
  yield { type: 'response.output_item.done', output_index: index, item }
}
