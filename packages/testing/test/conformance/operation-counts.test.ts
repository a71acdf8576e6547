import { expect, it } from 'vitest'
import { checkConformance } from '../../src/conformance.ts'

const chat = (attributes: object = {}) => ({
  name: 'chat gpt-4o',
  kind: 2,
  status: { code: 0 },
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o',
    ...attributes,
  },
})
const check = (spans: ReturnType<typeof chat>[], operations: Record<string, number>) =>
  checkConformance({ spans, operations }, { expected: false })

it('finds an operation with too many spans, one without any, and one that nobody expects', () => {
  expect(check([chat(), chat()], { chat: 2 })).toEqual([])
  expect(check([chat(), chat()], { embeddings: 1 }).map(({ rule, where }) => `${rule} ${where}`)).toEqual([
    'span_count operation embeddings',
    'span_count operation chat',
  ])
})

it('finds a stream that does not say so, and one without the time to its first chunk', () => {
  const timed = { 'gen_ai.response.time_to_first_chunk': 0.1 }
  const streamed = { 'gen_ai.request.stream': true }
  expect(check([chat({ ...timed, ...streamed })], { chat: 1 })).toEqual([])
  expect(check([chat(timed), chat(streamed)], { chat: 2 }).map(({ rule }) => rule)).toEqual([
    'expected_missing',
    'expected_missing',
  ])
})
