import { describe, expect, it } from 'vitest'
import { readOptions } from '../src/demo-options.ts'

describe('the options of the demo', () => {
  it('are the local model at a real pace on port 4318 by default', () => {
    expect(readOptions([], {})).toEqual({
      help: false,
      once: false,
      port: 4318,
      questions: 24,
      pace: 1,
      fault: undefined,
      real: false,
      to: undefined,
    })
  })

  it('use the real service when there is a key, unless told otherwise', () => {
    const env = { OPENAI_API_KEY: 'sk-test' }
    expect(readOptions([], env).real).toBe(true)
    expect(readOptions(['--local'], env).real).toBe(false)
  })

  it('hurry with --once, and bear the -- that package managers leave', () => {
    expect(readOptions(['--', '--once', '--port', '0'], {})).toMatchObject({ once: true, pace: 0.1, port: 0 })
  })

  it('take a fault and the questions before it, and name the faults there are', () => {
    expect(readOptions(['--fault', 'loop:5'], {}).fault).toEqual({ kind: 'loop', after: 5 })
    expect(readOptions(['--fault', 'slow-model'], {}).fault).toEqual({ kind: 'slow-model', after: 60 })
    expect(() => readOptions(['--fault', 'fire'], {})).toThrow(/--fault is "fire"; it must be one of tool-outage, loop/)
    expect(() => readOptions(['--fault', 'loop:x'], {})).toThrow('--fault is "x"; it must be a whole number')
  })

  it('send to another address, which must be one, but not where the console is compared', () => {
    expect(readOptions(['--to', 'http://127.0.0.1:24318'], {}).to).toBe('http://127.0.0.1:24318')
    expect(() => readOptions(['--to', 'collector'], {})).toThrow('--to is "collector"; it must be an address')
    expect(() => readOptions(['--once', '--to', 'http://127.0.0.1:1'], {})).toThrow('--to cannot be used with --once')
  })

  it('name an unknown option', () => {
    expect(() => readOptions(['--fast'], {})).toThrow("'--fast'")
  })
})
