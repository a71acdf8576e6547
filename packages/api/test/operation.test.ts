import { createTestTelemetry } from '@agentel/testing/telemetry'
import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { runOperation, startOperation } from '../src/operation.ts'
import { useTelemetry } from './telemetry.ts'

const telemetry = useTelemetry()
const names = (): string[] => telemetry.spans().map((span) => span.name)

describe('runOperation', () => {
  it('ends its span when the callback returns, and leaves the status unset', () => {
    expect(runOperation({ name: 'op', kind: SpanKind.CLIENT, attributes: { a: 1 } }, () => 42)).toBe(42)
    const span = telemetry.span('op')
    expect(span.attributes).toEqual({ a: 1 })
    expect(span.kind).toBe(SpanKind.CLIENT)
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET })
  })

  it('ends its span when the callback throws, and throws the very same error', () => {
    const error = new TypeError('broken')
    expect(() =>
      runOperation({ name: 'op' }, () => {
        throw error
      }),
    ).toThrow(error)
    const span = telemetry.span('op')
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'broken' })
    expect(span.attributes).toEqual({ 'error.type': 'TypeError', 'agentel.error.category': 'other' })
    expect(telemetry.logs().map((record) => [record.eventName, record.severityNumber, record.attributes])).toEqual([
      [
        'gen_ai.client.operation.exception',
        13,
        {
          'exception.type': 'TypeError',
          'exception.message': 'broken',
          'exception.stacktrace': expect.stringMatching(/^ {4}at /),
        },
      ],
    ])
    expect(telemetry.logs()[0]!.spanContext?.spanId).toBe(span.spanContext().spanId)
  })

  it('is the active span inside, also after an await, and not outside', async () => {
    await runOperation({ name: 'outer' }, async (operation) => {
      expect(trace.getSpan(context.active())).toBe(operation.span)
      await Promise.resolve()
      runOperation({ name: 'inner' }, () => undefined)
    })
    expect(trace.getSpan(context.active())).toBeUndefined()
    expect(telemetry.span('inner').parentSpanContext?.spanId).toBe(telemetry.span('outer').spanContext().spanId)
  })
})

describe('startOperation', () => {
  it('ends once, however often it is ended, and ignores what comes later', () => {
    const operation = startOperation({ name: 'op' })
    operation.end()
    operation.end()
    operation.set({ late: true })
    operation.fail(new Error('late'))
    expect(names()).toEqual(['op'])
    expect(telemetry.span('op').attributes).toEqual({})
  })
})

describe('exceptions', () => {
  it('are events of the span when the application has no logger provider', async () => {
    await telemetry.shutdown()
    const withoutLogs = createTestTelemetry({ logs: false })
    try {
      expect(() =>
        runOperation({ name: 'op' }, () => {
          throw new TypeError('broken')
        }),
      ).toThrow('broken')
      expect(withoutLogs.span('op').events.map(({ name, attributes }) => [name, attributes])).toEqual([
        [
          'exception',
          {
            'exception.type': 'TypeError',
            'exception.message': 'broken',
            'exception.stacktrace': expect.stringMatching(/^ {4}at /),
          },
        ],
      ])
    } finally {
      await withoutLogs.shutdown()
    }
  })
})
