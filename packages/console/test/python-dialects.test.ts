/** What Python's libraries send, as it was recorded once (python/record.py says how), priced and read like our own. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { conversation } from '../src/query/conversation.ts'
import { traceSkeleton } from '../src/query/skeleton.ts'
import { listTraces } from '../src/query/traces.ts'
import { openStoreFixture, settle, type StoreFixture } from './store-fixture.ts'

let fixture: StoreFixture
beforeEach(() => {
  fixture = openStoreFixture()
})
afterEach(() => fixture.remove())

const EVER = new URLSearchParams('from=0')

/** Answers about the one run of a recording. */
function readRecording(library: string) {
  const bytes = readFileSync(join(import.meta.dirname, `python/${library}.otlp`))
  return fixture.run((store, read) => {
    expect(store.ingest([{ signal: 'traces', encoding: 'protobuf', bytes }]).results).toEqual([
      { outcome: 'stored', items: 5, duplicates: 0, invalid: 0 },
    ])
    settle(store)
    return read((reader) => {
      const [trace] = listTraces(reader, EVER).traces
      return {
        trace: trace!,
        skeleton: traceSkeleton(reader, trace!.traceId)!,
        turns: conversation(reader, trace!.traceId)!.turns,
      }
    })
  })
}

// gpt-4o-mini: $0.15 and $0.60 per million tokens; text-embedding-3-small: $0.02.
const FIRST = (120 * 0.15 + 30 * 0.6) / 1e6
const SECOND = (160 * 0.15 + 12 * 0.6) / 1e6
const EMBEDDING = (5 * 0.02) / 1e6

describe.each([
  ['openinference', 'openai.BadRequestError'],
  ['openllmetry', 'BadRequestError'],
])('spans of %s for Python', (library, errorType) => {
  it('are priced, and named by what was asked', () => {
    const { trace, skeleton } = readRecording(library)
    expect(trace).toMatchObject({
      title: 'Does it rain in Oslo?',
      rootName: 'weather desk',
      status: 'ok',
      spans: 5,
      errors: 1,
      recovered: 1,
      services: [`python-${library}`],
      models: ['gpt-4o-mini', 'text-embedding-3-small', 'gpt-4.1'],
      inputTokens: 285,
      outputTokens: 42,
      unpriced: 0,
      error: { type: errorType },
    })
    expect(trace.cost).toBeCloseTo(FIRST + SECOND + EMBEDDING, 12)
    expect(skeleton.spans.type.map((code) => skeleton.dictionaries.types[code])).toEqual([
      'other',
      'model',
      'model',
      'embeddings',
      'model',
    ])
    expect(skeleton.spans.inputTokens).toEqual([null, 120, 160, 5, null])
    expect(skeleton.spans.outputTokens.slice(0, 3)).toEqual([null, 30, 12])
  })

  it('are read as one conversation, each message once, with the call of the tool and its answer', () => {
    const said = readRecording(library).turns.flatMap(({ messages }) =>
      messages.flatMap(({ role, parts }) => parts.map((part) => ({ role, ...part }))),
    )
    expect(said.slice(0, 5)).toEqual([
      { role: 'system', type: 'text', content: 'You know the weather.' },
      { role: 'user', type: 'text', content: 'Does it rain in Oslo?' },
      { role: 'assistant', type: 'tool_call', id: 'call_1', name: 'weather', arguments: { city: 'Oslo' } },
      { role: 'tool', type: 'tool_call_response', id: 'call_1', response: 'rain' },
      { role: 'assistant', type: 'text', content: 'It rains in Oslo.' },
    ])
  })
})
