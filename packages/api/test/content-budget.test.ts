import { trace } from '@opentelemetry/api'
import { randomFrom } from '@agentel/testing/random'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  configureContent,
  eventContentAttributes,
  setContent,
  spanContentAttributes,
  startOperation,
} from '../src/index.ts'

const KEY = 'gen_ai.input.messages'
const SIZE = `agentel.content.original_size.${KEY}`
let telemetry: TestTelemetry
beforeEach(() => (telemetry = createTestTelemetry()))
afterEach(async () => {
  configureContent(undefined)
  await telemetry.shutdown()
})

const message = (content: string) => ({ role: 'user', parts: [{ type: 'text', content }] })
const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value))

describe('content on a span', () => {
  it('is whole within its budget, without a size beside it', () => {
    expect(spanContentAttributes(undefined, KEY, [message('hello')])).toEqual({
      [KEY]: JSON.stringify([message('hello')]),
    })
  })

  it('beyond it is cut inside its texts, keeps every message and its original size, and stays JSON', () => {
    configureContent({ attributeBytes: 2000 })
    const messages = [message('x'.repeat(3000)), message('y'.repeat(3000)), message('last')]
    const attributes = spanContentAttributes(undefined, KEY, messages)
    expect(attributes[SIZE]).toBe(bytes(messages))
    const kept = JSON.parse(attributes[KEY] as string) as ReturnType<typeof message>[]
    expect(kept.map(({ role }) => role)).toEqual(['user', 'user', 'user'])
    expect(kept[0]!.parts[0]!.content).toMatch(/^x{200,}…$/)
    expect(kept[2]).toEqual(message('last'))
    expect(Buffer.byteLength(attributes[KEY] as string)).toBeLessThanOrEqual(2000)
  })

  it('shares the budget of its span with the other contents of that span', () => {
    configureContent({ capture: 'SPAN_ONLY', spanBytes: 1000 })
    const operation = startOperation({ name: 'call' })
    setContent(operation, KEY, [message('a'.repeat(700))])
    setContent(operation, 'gen_ai.output.messages', [message('b'.repeat(700))])
    setContent(operation, 'gen_ai.system_instructions', [{ type: 'text', content: 'c'.repeat(700) }])
    operation.end()
    const { attributes } = telemetry.span('call')
    const contents = Object.entries(attributes).filter(([key]) => key.startsWith('gen_ai.'))
    const all = contents.reduce((sum, [, value]) => sum + Buffer.byteLength(value as string), 0)
    expect(all).toBeLessThanOrEqual(1000)
    for (const [, value] of contents) expect(() => JSON.parse(value as string)).not.toThrow()
    expect(attributes['agentel.content.original_size.gen_ai.output.messages']).toBeGreaterThan(700)
    expect(attributes).not.toHaveProperty([SIZE])
  })

  it('is JSON also under the length that the user allows an attribute', () => {
    configureContent({ capture: 'SPAN_ONLY' })
    const limited = new TracerProvider({ spanLimits: { attributeValueLengthLimit: 120 } }).getTracer('limited')
    const operation = startOperation({ name: 'call', tracer: limited })
    setContent(operation, KEY, [message('long '.repeat(100)), message('more')])
    const value = (operation.span as unknown as { attributes: Record<string, string> }).attributes[KEY]!
    operation.end()
    expect(value.length).toBeLessThanOrEqual(120)
    expect(JSON.parse(value)[0].role).toBe('user')
  })

  it('that is written again has the room of what was there before', () => {
    configureContent({ capture: 'SPAN_ONLY', spanBytes: 1000 })
    const operation = startOperation({ name: 'call' })
    for (const letter of ['a', 'b']) setContent(operation, KEY, [message(letter.repeat(700))])
    operation.end()
    expect(telemetry.span('call').attributes).toEqual({ [KEY]: JSON.stringify([message('b'.repeat(700))]) })
  })

  it('has a reference in the place of each medium, never its bytes, whole or cut', () => {
    const png = Buffer.from('a picture').toString('base64')
    const blob = { type: 'blob', modality: 'image', content: png, mime_type: 'image/png' }
    const nested = { role: 'tool', parts: [{ type: 'tool_call_response', response: [blob] }] }
    const attributes = spanContentAttributes(undefined, KEY, [{ role: 'user', parts: [blob] }, nested])
    const reference = {
      type: 'uri',
      modality: 'image',
      mime_type: 'image/png',
      size: 9,
    }
    const [first, second] = JSON.parse(attributes[KEY] as string)
    expect(first.parts[0]).toEqual({ ...reference, uri: expect.stringMatching(/^urn:sha256:[0-9a-f]{64}$/) })
    expect(second.parts[0].response[0]).toEqual(first.parts[0])
    expect(attributes[KEY]).not.toContain(png)
  })

  it('has one also where no part says that it is a medium: in what a tool was given, or gave', () => {
    const bytes = Buffer.alloc(60_000, 'pixels').toString('base64')
    const url = `data:image/png;base64,${bytes}`
    const given = {
      image_url: url,
      text: `before ![](${url}) after`,
      source: { type: 'base64', media_type: 'image/png', data: bytes },
      plain: { mimeType: 'text/plain', data: 'a short text' },
      untyped: { data: 'no type, no medium' },
    }
    const { [KEY]: json, ...rest } = spanContentAttributes(undefined, KEY, given)
    const kept = JSON.parse(json as string) as typeof given
    const { image_url: reference } = kept
    expect(reference).toMatch(/^urn:sha256:[0-9a-f]{64}$/)
    expect(kept).toEqual({
      image_url: reference,
      text: `before ![](${reference}) after`,
      source: { type: 'base64', media_type: 'image/png', data: reference },
      plain: given.plain,
      untyped: given.untyped,
    })
    expect(rest).toEqual({})
    expect(eventContentAttributes(KEY, url)).toEqual({ [KEY]: reference })
  })

  it('has one for bytes too, and the value itself stays as it is', () => {
    const bytes = Buffer.from('pixels')
    const given = { list: [1, { shot: bytes }], view: new Uint8Array(bytes), when: new Date(0), plain: [1, 2] }
    const reference = spanContentAttributes(undefined, KEY, bytes)[KEY]
    expect(reference).toMatch(/^"urn:sha256:[0-9a-f]{64}"$/)
    expect(spanContentAttributes(undefined, KEY, bytes.toString('base64'))).not.toEqual({ [KEY]: reference })
    const uri = JSON.parse(reference as string) as string
    const { [KEY]: json } = spanContentAttributes(undefined, KEY, given)
    expect(JSON.parse(json as string)).toEqual({
      list: [1, { shot: uri }],
      view: uri,
      when: '1970-01-01T00:00:00.000Z',
      plain: [1, 2],
    })
    expect(given.list[1]).toEqual({ shot: bytes })
    const whole = new Uint8Array(bytes).buffer
    expect(spanContentAttributes(undefined, KEY, whole)).toEqual({ [KEY]: reference })
  })

  it('of which nothing fits leaves its size alone', () => {
    configureContent({ attributeBytes: 1 })
    expect(spanContentAttributes(undefined, KEY, [message('hello')])).toEqual({ [SIZE]: bytes([message('hello')]) })
  })

  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'never exceeds its budget and stays JSON (seed %i)',
    (seed) => {
      const random = randomFrom(seed + 1)
      const texts = ['', 'plain ', 'Grüße 世界 ', '👩‍👩‍👧', '"\\\n\u0001', 'a'.repeat(500)]
      const value = Array.from({ length: random(30) }, () => ({
        role: 'user',
        parts: Array.from({ length: random(4) }, () => ({
          type: 'text',
          content: texts[random(texts.length)]!.repeat(random(40)),
          [`key${random(9)}`]: [random(9), null, { deep: texts[random(texts.length)] }],
        })),
      }))
      const attributeBytes = random(4000)
      configureContent({ attributeBytes })
      const { [KEY]: text, [SIZE]: size } = spanContentAttributes(undefined, KEY, value)
      const whole = bytes(value)
      if (whole <= attributeBytes) expect([text, size]).toEqual([JSON.stringify(value), undefined])
      else expect(size).toBe(whole)
      if (text === undefined) return
      expect(Buffer.byteLength(text as string)).toBeLessThanOrEqual(attributeBytes)
      expect(Array.isArray(JSON.parse(text as string))).toBe(true)
      expect(text).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/)
    },
  )
})

it('content on an event is structured, and cut at the same budget', () => {
  configureContent({ attributeBytes: 500 })
  const attributes = eventContentAttributes(KEY, [message('x'.repeat(1000))])
  expect(bytes(attributes[KEY])).toBeLessThanOrEqual(500)
  expect(attributes[SIZE]).toBe(bytes([message('x'.repeat(1000))]))
  expect(eventContentAttributes(KEY, [{ date: new Date(0), nothing: undefined }])).toEqual({
    [KEY]: [{ date: '1970-01-01T00:00:00.000Z' }],
  })
  expect(trace.getActiveSpan()).toBeUndefined()
})
