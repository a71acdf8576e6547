import { SpanKind } from '@opentelemetry/api'
import { setChunkGaps } from '@agentel/api'
import { setCostParts } from '@agentel/processor-kit'
import { afterEach, describe, expect, it } from 'vitest'
import { CHAT, type MetricsSetUp, setUp, span } from './spans.ts'

let test: MetricsSetUp | undefined
afterEach(() => test?.telemetry.shutdown())

const chat = (more: Record<string, unknown> = {}, seconds = 1) =>
  span('chat', { ...CHAT, ...more } as never, { kind: SpanKind.CLIENT, seconds })

describe('an inference', () => {
  it('becomes its duration, by operation, provider, models and server, and by error only where it failed', async () => {
    test = setUp()
    chat({}, 2)
    chat({}, 3)
    chat({ 'error.type': '429' }, 1)
    expect(await test.points('gen_ai.client.inference.duration')).toEqual([
      { attributes: CHAT, value: { count: 2, sum: 5 } },
      { attributes: { ...CHAT, 'error.type': '429' }, value: { count: 1, sum: 1 } },
    ])
  })

  it('becomes token counters whose modalities add up to the total, the undivided rest as unknown', async () => {
    test = setUp()
    chat({ 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 10 })
    chat({
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.text.input_tokens': 60,
      'gen_ai.usage.audio.input_tokens': 30,
      'gen_ai.usage.cache_read.input_tokens': 50,
      'gen_ai.usage.cache_write.input_tokens': 7,
      'gen_ai.usage.output_tokens': 10,
      'gen_ai.usage.reasoning.output_tokens': 4,
    })
    const by = (modality: string, value: number) => ({
      attributes: { ...CHAT, 'gen_ai.token.modality': modality },
      value,
    })
    const name = 'gen_ai.client.inference.usage'
    expect(await test.points(`${name}.input_tokens`)).toEqual([by('text', 60), by('audio', 30), by('unknown', 110)])
    expect(await test.points(`${name}.output_tokens`)).toEqual([by('unknown', 20)])
    expect(await test.points(`${name}.cache_read.input_tokens`)).toEqual([by('unknown', 50)])
    expect(await test.points(`${name}.cache_write.input_tokens`)).toEqual([by('unknown', 7)])
    expect(await test.points(`${name}.reasoning.output_tokens`)).toEqual([by('unknown', 4)])
  })

  it('is divided by modality as far as the total goes, and counts cache writes under their older name', async () => {
    test = setUp()
    chat({
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.text.input_tokens': 70,
      'gen_ai.usage.image.input_tokens': 20,
      'gen_ai.usage.audio.input_tokens': 50,
      'gen_ai.usage.cache_read.input_tokens': 40,
      'gen_ai.usage.audio.cache_read.input_tokens': 15,
      'gen_ai.usage.cache_creation.input_tokens': 7,
      'gen_ai.usage.output_tokens': 30,
      'gen_ai.usage.audio.output_tokens': 25,
    })
    const parts = async (name: string) =>
      (await test!.points(`gen_ai.client.inference.usage.${name}`)).map(({ attributes, value }) => [
        attributes['gen_ai.token.modality'],
        value,
      ])
    expect(await parts('input_tokens')).toEqual([
      ['text', 70],
      ['image', 20],
      ['audio', 10],
    ])
    expect(await parts('output_tokens')).toEqual([
      ['audio', 25],
      ['unknown', 5],
    ])
    expect(await parts('cache_read.input_tokens')).toEqual([
      ['audio', 15],
      ['unknown', 25],
    ])
    expect(await parts('cache_write.input_tokens')).toEqual([['unknown', 7]])
  })

  it('has no size that is no number', async () => {
    test = setUp()
    chat({ 'gen_ai.usage.input_tokens': '7', 'gen_ai.usage.output_tokens': 3 })
    const name = 'gen_ai.client.inference.operation'
    expect(await test.names()).not.toContain(`${name}.input_tokens`)
    expect(await test.points(`${name}.output_tokens`)).toEqual([{ attributes: CHAT, value: { count: 1, sum: 3 } }])
  })

  it('adds nothing where its figures are no numbers, and later ones still count', async () => {
    test = setUp()
    chat(
      { 'gen_ai.usage.input_tokens': Number.NaN, 'gen_ai.usage.output_tokens': Number.POSITIVE_INFINITY },
      Number.NaN,
    )
    chat({ 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 10 }, 2)
    const name = 'gen_ai.client.inference'
    const sum = async (metric: string) => (await test!.points(`${name}.${metric}`)).map(({ value }) => value)
    expect(await sum('duration')).toEqual([{ count: 1, sum: 2 }])
    expect(await sum('usage.input_tokens')).toEqual([100])
    expect(await sum('usage.output_tokens')).toEqual([10])
  })

  it.each([Number.NaN, -5, Number.NEGATIVE_INFINITY])(
    'counts all of its total where a part is said to be %s',
    async (part) => {
      test = setUp()
      chat({
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.text.input_tokens': part,
        'gen_ai.usage.image.input_tokens': 30,
      })
      const by = (modality: string, value: number) => ({
        attributes: { ...CHAT, 'gen_ai.token.modality': modality },
        value,
      })
      expect(await test.points('gen_ai.client.inference.usage.input_tokens')).toEqual([
        by('image', 30),
        by('unknown', 70),
      ])
    },
  )

  it('becomes histograms of its tokens without modality; a failed one only counters', async () => {
    test = setUp()
    chat({ 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 10 })
    chat({ 'gen_ai.usage.input_tokens': 50, 'error.type': 'timeout' })
    const name = 'gen_ai.client.inference'
    expect(await test.points(`${name}.operation.input_tokens`)).toEqual([
      { attributes: CHAT, value: { count: 1, sum: 100 } },
    ])
    expect(await test.points(`${name}.operation.output_tokens`)).toEqual([
      { attributes: CHAT, value: { count: 1, sum: 10 } },
    ])
    expect(await test.points(`${name}.usage.input_tokens`)).toEqual([
      { attributes: { ...CHAT, 'gen_ai.token.modality': 'unknown' }, value: 150 },
    ])
  })

  it('counts its tokens and its cost without the error, also where the first one failed', async () => {
    test = setUp()
    chat({ 'gen_ai.usage.input_tokens': 50, 'agentel.cost.amount': 0.25, 'error.type': 'timeout' })
    chat({ 'gen_ai.usage.input_tokens': 100, 'agentel.cost.amount': 0.5 })
    const name = 'client.inference'
    expect(await test.points(`gen_ai.${name}.usage.input_tokens`)).toEqual([
      { attributes: { ...CHAT, 'gen_ai.token.modality': 'unknown' }, value: 150 },
    ])
    expect(await test.points(`agentel.${name}.usage.cost`)).toEqual([{ attributes: CHAT, value: 0.75 }])
    expect(await test.points(`gen_ai.${name}.duration`)).toEqual([
      { attributes: CHAT, value: { count: 1, sum: 1 } },
      { attributes: { ...CHAT, 'error.type': 'timeout' }, value: { count: 1, sum: 1 } },
    ])
  })

  it('that was streamed becomes the time to its first chunk and one point for each chunk after it', async () => {
    test = setUp()
    span(
      'chat',
      { ...CHAT, 'gen_ai.request.stream': true, 'gen_ai.response.time_to_first_chunk': 0.25 },
      {
        ending: (s) => setChunkGaps(s, [0.125, 0.25, 0.125]),
      },
    )
    const name = 'gen_ai.client.inference'
    expect(await test.points(`${name}.time_to_first_chunk`)).toEqual([
      { attributes: CHAT, value: { count: 1, sum: 0.25 } },
    ])
    expect(await test.points(`${name}.time_per_output_chunk`)).toEqual([
      { attributes: CHAT, value: { count: 3, sum: 0.5 } },
    ])
  })

  it('becomes its cost by category and as a histogram', async () => {
    const cost = {
      name: 'cost',
      onEnding: (s: { attributes: object; setAttribute(key: string, value: unknown): void }) => {
        s.setAttribute('agentel.cost.amount', 0.75)
        setCostParts(s, { input: 0.5, cache_read: 0.25 })
      },
    }
    test = setUp({ before: [cost] })
    chat()
    const by = (category: string, value: number) => ({
      attributes: { ...CHAT, 'agentel.cost.category': category },
      value,
    })
    expect(await test.points('agentel.client.inference.usage.cost')).toEqual([by('input', 0.5), by('cache_read', 0.25)])
    expect(await test.points('agentel.client.inference.operation.cost')).toEqual([
      { attributes: CHAT, value: { count: 1, sum: 0.75 } },
    ])
  })

  it('with a cost that is not divided counts it without a category', async () => {
    test = setUp()
    chat({ 'agentel.cost.amount': 0.5 })
    expect(await test.points('agentel.client.inference.usage.cost')).toEqual([{ attributes: CHAT, value: 0.5 }])
  })

  it('without a price is counted as unpriced, and has no cost', async () => {
    test = setUp()
    chat({ 'agentel.cost.unpriced': true })
    expect(await test.points('agentel.client.inference.unpriced')).toEqual([
      { attributes: { 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o' }, value: 1 },
    ])
    expect(await test.names()).not.toContain('agentel.client.inference.usage.cost')
  })

  it('never takes the sums on an agent for tokens or cost', async () => {
    test = setUp()
    span('invoke_agent a', {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.usage.input_tokens': 100,
      'agentel.cost.amount': 1,
    })
    expect((await test.names()).filter((name) => /usage|cost|tokens/.test(name))).toEqual([])
  })
})

it('counts the tokens and the cost of embeddings, whose duration is that of a client operation', async () => {
  test = setUp()
  chat({ 'gen_ai.operation.name': 'embeddings', 'gen_ai.usage.input_tokens': 12, 'agentel.cost.amount': 0.5 }, 2)
  const point = { ...CHAT, 'gen_ai.operation.name': 'embeddings' }
  expect(await test.points('gen_ai.client.operation.duration')).toEqual([
    { attributes: point, value: { count: 1, sum: 2 } },
  ])
  expect(await test.points('gen_ai.client.inference.usage.input_tokens')).toEqual([
    { attributes: { ...point, 'gen_ai.token.modality': 'unknown' }, value: 12 },
  ])
  expect(await test.names()).not.toContain('gen_ai.client.inference.duration')
})
