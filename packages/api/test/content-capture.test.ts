import { DiagLogLevel, diag } from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  CONTENT_VARIABLE,
  capturesOnEvents,
  capturesOnSpans,
  configureContent,
  contentPreview,
  contentSettings,
  spanContent,
  structuredContent,
} from '../src/content-capture.ts'

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
    expect(() => configureContent({ eventLength: -1 })).toThrow('it must be 0 or more characters')
    expect(contentSettings()).toEqual({ capture: 'NO_CONTENT', eventLength: 200, spanEncoding: 'json' })
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
    expect([undefined, () => 1, 'text', 10n, { a: [1n] }, [shared, shared], hostile].map(spanContent)).toEqual([
      'null',
      'null',
      '"text"',
      '"10"',
      '{"a":["1"]}',
      '[{"a":1},{"a":1}]',
      '"[unreadable]"',
    ])
  })

  it('is plain structured data for events of OpenTelemetry', () => {
    const date = new Date(0)
    expect(structuredContent([{ date, nothing: undefined }])).toEqual([{ date: '1970-01-01T00:00:00.000Z' }])
  })

  it('is cut on events of ours, and keeps its full length', () => {
    expect(contentPreview('x'.repeat(201))).toEqual({ preview: `${'x'.repeat(199)}…`, length: 201 })
    expect(contentPreview({ a: 1 })).toEqual({ preview: '{"a":1}', length: 7 })
    configureContent({ eventLength: 0 })
    expect(contentPreview('text')).toEqual({ preview: '', length: 4 })
  })
})
