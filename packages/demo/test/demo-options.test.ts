import { describe, expect, it } from 'vitest'
import { readOptions } from '../src/demo-options.ts'

describe('the options of the demo', () => {
  it('are the local model at a real pace on port 4318 by default', () => {
    expect(readOptions([], {})).toEqual({ help: false, once: false, port: 4318, questions: 24, pace: 1, real: false })
  })

  it('use the real service when there is a key, unless told otherwise', () => {
    const env = { OPENAI_API_KEY: 'sk-test' }
    expect(readOptions([], env).real).toBe(true)
    expect(readOptions(['--local'], env).real).toBe(false)
  })

  it('hurry with --once, and bear the -- that package managers leave', () => {
    expect(readOptions(['--', '--once', '--port', '0'], {})).toMatchObject({ once: true, pace: 0.1, port: 0 })
  })

  it('name an unknown option', () => {
    expect(() => readOptions(['--fast'], {})).toThrow("'--fast'")
  })
})
