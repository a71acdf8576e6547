import { createTestTelemetry } from '@agentel/testing/telemetry'
import { trace } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import {
  GateError,
  addGate,
  generation,
  hasLoggerProvider,
  startRetrieval,
  startTask,
  task,
  tool,
  wrapTask,
} from '../src/index.ts'

describe('without an SDK', () => {
  it('a callback is just called, and its result is the very same', () => {
    const promise = Promise.resolve(1)
    expect(task('t', () => promise)).toBe(promise)
    expect(wrapTask(() => promise)()).toBe(promise)
    expect(hasLoggerProvider()).toBe(false)
  })

  it('an error is just thrown', () => {
    const error = new Error('x')
    expect(() =>
      tool('t', () => {
        throw error
      }),
    ).toThrow(error)
  })

  it('a handle takes everything and does nothing, and keeps nothing', () => {
    const handle = startTask('t')
    handle.set({ a: 1 })
    handle.fail(new Error('x'))
    handle.result({})
    handle.end()
    expect(handle.run(() => 1)).toBe(1)
    expect(() => startRetrieval('store').documents(null as never)).not.toThrow()
    expect(handle.span.isRecording()).toBe(false)
    expect(startTask('another')).toBe(handle)
  })

  it('a gate can stop a call all the same', () => {
    const remove = addGate(() => {
      throw new GateError('budget', 'spent')
    })
    expect(() => generation({ provider: 'p', model: 'm' }, () => 1)).toThrow('spent')
    remove()
    expect(generation({ provider: 'p', model: 'm' }, () => 1)).toBe(1)
  })
})

describe('with a logger provider alone', () => {
  it('events are written, without a span', () => {
    const telemetry = createTestTelemetry()
    trace.disable()
    expect(() =>
      task('t', () => {
        throw new TypeError('broken')
      }),
    ).toThrow('broken')
    expect(telemetry.spans()).toEqual([])
    expect(telemetry.logs().map(({ eventName }) => eventName)).toEqual([
      'agentel.task.started',
      'gen_ai.client.operation.exception',
      'agentel.task.failed',
    ])
    return telemetry.shutdown()
  })
})
