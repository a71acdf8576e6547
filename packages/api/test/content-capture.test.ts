import { DiagLogLevel, diag } from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  CONTENT_VARIABLE,
  capturesOnEvents,
  capturesOnSpans,
  configureContent,
  contentSettings,
  shortContent,
} from '../src/content-capture.ts'
import { toJson } from '../src/to-json.ts'

const lines: string[] = []
beforeEach(() => {
  lines.length = 0
  diag.setLogger(
    { error() {}, warn: (line) => void lines.push(line), info() {}, debug() {}, verbose() {} },
    DiagLogLevel.WARN,
  )
})
afterEach(() => {
  delete process.env[CONTENT_VARIABLE]
  configureContent(undefined)
  diag.disable()
})

const sinks = (): [boolean, boolean] => [capturesOnSpans(), capturesOnEvents()]

describe('content capture', () => {
  it.each([
    [undefined, false, false],
    ['', false, false],
    ['NO_CONTENT', false, false],
    ['span_only', true, false],
    ['EVENT_ONLY', false, true],
    [' Span_And_Event ', true, true],
  ])('%j in the environment: on spans %s, on events %s', (value, spans, events) => {
    if (value !== undefined) process.env[CONTENT_VARIABLE] = value
    configureContent(undefined)
    expect(sinks()).toEqual([spans, events])
    expect(lines).toEqual([])
  })

  it.each(['true', 'SPAN', '1'])('%j in the environment is warned of, and captures nothing', (value) => {
    process.env[CONTENT_VARIABLE] = value
    configureContent(undefined)
    expect(sinks()).toEqual([false, false])
    expect(lines).toEqual([
      `agentel: ${CONTENT_VARIABLE} is "${value}", which is none of NO_CONTENT, SPAN_ONLY, EVENT_ONLY, SPAN_AND_EVENT; no content is captured`,
    ])
  })

  it('refuses settings that do not exist, and changes nothing then', () => {
    expect(() => configureContent({ capture: 'ALL' as never, eventLength: 5 })).toThrow(
      'configureContent: capture is "ALL"; it must be one of NO_CONTENT, SPAN_ONLY, EVENT_ONLY, SPAN_AND_EVENT',
    )
    expect(() => configureContent({ spanBytes: -1 })).toThrow('it must be 0 or more bytes')
    expect(() => configureContent({ eventLength: -1 })).toThrow('it must be 0 or more characters')
    expect(contentSettings()).toEqual({
      capture: 'NO_CONTENT',
      eventLength: 200,
      attributeBytes: 65_536,
      spanBytes: 262_144,
      spanEncoding: 'json',
    })
  })
})

describe('content', () => {
  it('is JSON on spans, whatever it is', () => {
    const hostile = {
      get secret(): string {
        throw new Error('not for you')
      },
    }
    const shared = { a: 1 }
    expect([undefined, () => 1, 'text', 10n, { a: [1n] }, [shared, shared], hostile].map(toJson)).toEqual([
      'null',
      'null',
      '"text"',
      '"10"',
      '{"a":["1"]}',
      '[{"a":1},{"a":1}]',
      '"[unreadable]"',
    ])
  })

  it('is cut on events of ours inside its values, and keeps its full length', () => {
    expect(shortContent('x'.repeat(201))).toEqual({ short: `${'x'.repeat(199)}…`, length: 201, isCut: true })
    expect(shortContent({ a: 1 })).toEqual({ short: { a: 1 }, length: 7, isCut: false })
    const { short: picture } = shortContent({ image: `data:image/png;base64,${'QUJD'.repeat(90)}` })
    expect(picture).toEqual({ image: expect.stringMatching(/^urn:sha256:[0-9a-f]{64}$/) })
    configureContent({ eventLength: 0 })
    expect(shortContent('text')).toEqual({ short: '', length: 4, isCut: true })
    configureContent({ eventLength: 60 })
    const secret = { user: 'ann', password: 'p'.repeat(100), list: [1, 2, 3], more: 'x' }
    const { short, length } = shortContent(secret)
    expect(short).toEqual({ user: 'ann', password: `${'p'.repeat(31)}…` })
    expect(length).toBe(JSON.stringify(secret).length)
  })

  it.each([0, 1, 2, 3, 7, 20, 50, 133, 400])('is never longer than %i characters of JSON', (eventLength) => {
    configureContent({ eventLength })
    const nested = {
      a: ['x'.repeat(30), { b: '\n"\u0001'.repeat(20), c: [null, true, 1.5, [[[]]]] }],
      é: '😀'.repeat(40),
      z: {},
    }
    for (const value of [nested, [nested, nested], 'text', '"quoted"', 12345, true, null, {}, []]) {
      const { short, length } = shortContent(value)
      const text = typeof short === 'string' ? short : (JSON.stringify(short) ?? '')
      expect(text.length).toBeLessThanOrEqual(eventLength)
      expect(length).toBe(typeof value === 'string' ? value.length : JSON.stringify(value).length)
      expect(text).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/)
    }
  })
})
