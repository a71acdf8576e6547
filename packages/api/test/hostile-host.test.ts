import { type Span, trace } from '@opentelemetry/api'
import { SimpleSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace'
import { describe, expect, it } from 'vitest'
import {
  decision,
  emitEvent,
  faultCounts,
  retrieval,
  runOperation,
  startTask,
  task,
  withIdentity,
  withTrace,
  wrapTask,
} from '../src/index.ts'
import { useTelemetry } from './telemetry.ts'

let failing: 'onStart' | 'onEnding' | 'onEnd' | 'export' | 'onEmit' | undefined
const throwIf = (where: typeof failing): void => {
  if (failing === where) throw new Error(`somebody's ${where} failed`)
}
const processor: SpanProcessor = {
  onStart: () => throwIf('onStart'),
  onEnding: () => throwIf('onEnding'),
  onEnd: () => throwIf('onEnd'),
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
}
const exporter = {
  export: () => throwIf('export'),
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
}
const telemetry = useTelemetry({
  spanProcessors: [processor, new SimpleSpanProcessor({ exporter })],
  logRecordProcessors: [{ onEmit: () => throwIf('onEmit'), forceFlush: async () => {}, shutdown: async () => {} }],
})

describe('a fault of somebody else', () => {
  it.each([
    ['onStart', { 'api.startSpan': 1 }],
    ['onEnding', { 'api.end': 1 }],
    ['onEnd', { 'api.end': 1 }],
    ['export', {}],
    ['onEmit', { 'api.emitEvent': 3 }],
  ] as const)('in a processor or exporter (%s) never reaches the application', async (where, faults) => {
    failing = where
    try {
      expect(
        await task('t', async () => {
          emitEvent('e', {})
          return 42
        }),
      ).toBe(42)
    } finally {
      failing = undefined
    }
    expect(faultCounts()).toEqual(faults)
    expect(task('next', () => 1)).toBe(1)
    expect(telemetry.span('task next')).toBeDefined()
  })

  it('that keeps a span from starting leaves what is inside where it belongs', () => {
    task('outer', (outer) => {
      failing = 'onStart'
      task('never started', () => {
        failing = undefined
        task('inner', (inner) => expect(inner.span.spanContext().traceId).toBe(outer.span.spanContext().traceId))
      })
    })
    expect(telemetry.span('task inner').parentSpanContext?.spanId).toBe(
      telemetry.span('task outer').spanContext().spanId,
    )
  })

  it('in the application itself goes where it would go without us, after every kind of error', async () => {
    const frozen = Object.freeze(new Error('frozen'))
    const nasty = new Proxy(new Error('proxy'), {
      get: () => {
        throw new Error('no')
      },
    })
    for (const error of [
      null,
      undefined,
      0,
      '',
      'text',
      Symbol('s'),
      frozen,
      nasty,
      { a: 1 },
      Object.create(null),
      () => 1,
    ]) {
      const caught: unknown[] = []
      try {
        task('sync', () => {
          // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error
          throw error
        })
      } catch (reason) {
        caught.push(reason)
      }
      // oxlint-disable-next-line prefer-promise-reject-errors, typescript/prefer-promise-reject-errors
      await task('async', () => Promise.reject(error)).catch((reason: unknown) => caught.push(reason))
      expect(caught.length === 2 && caught.every((reason) => Object.is(reason, error))).toBe(true)
    }
    expect(telemetry.spans()).toHaveLength(22)
    expect(faultCounts()).toEqual({})
  })

  it('in options does no harm: what cannot be read is left out', () => {
    const options = new Proxy({} as { name: string }, {
      get: () => {
        throw new Error('no')
      },
    })
    expect(() => startTask({ name: undefined as never, attributes: null as never }).end()).not.toThrow()
    expect(task('fine', () => 1)).toBe(1)
    expect(() => task(options, () => 1)).not.toThrow()
    expect(runOperation({ name: 'x', parent: 'no context' as never, attributes: options as never }, () => 2)).toBe(2)
    expect(withIdentity(options as never, () => withTrace(options as never, () => 3))).toBe(3)
  })

  it('in what a handle is given is counted, not thrown', () => {
    retrieval('store', (search) => search.documents(null as never))
    decision('choose', (choice) => choice.decide(undefined as never))
    const wrapped = wrapTask(
      () => 1,
      () => {
        throw new Error('a bug in the options')
      },
    )
    expect(wrapped()).toBe(1)
    expect(telemetry.spans().map(({ name }) => name)).toEqual(['retrieval store', 'decide choose', 'task '])
    expect(faultCounts()).toEqual({ 'api.documents': 1, 'api.decide': 1, 'api.options': 1 })
  })

  it('in the use of a decorator is told where it is', () => {
    const decorate = task() as unknown as (...args: unknown[]) => unknown
    expect(() => decorate(undefined, { kind: 'field', name: 'run' })).toThrow(
      'a decorator of @agentel/api is on the field "run"; it decorates methods only',
    )
    expect(() => decorate({}, 'run', {})).toThrow('switch "experimentalDecorators" off in tsconfig.json')
  })

  it('that lost the context leaves the span of the handle as it is', async () => {
    const seen: (Span | undefined)[] = []
    await task('t', async (handle) => {
      await new Promise<void>((resolve) => {
        const outside = trace.getActiveSpan()
        setTimeout(() => resolve(void seen.push(trace.getActiveSpan(), outside)), 1)
      })
      seen.push(handle.span)
    })
    expect(new Set(seen).size).toBe(1)
  })
})
