import { expect, it } from 'vitest'
import { anomalyOf } from '../src/config-anomaly.ts'

const section = { enabled: true, sensitivity: 1, skipSignals: [], strictness: [], maxAgents: 200 }

it('sets single signals stricter, laxer or off', () => {
  const strictness = ['duration=2', 'silence=0.5']
  expect(anomalyOf({ ...section, strictness, skipSignals: ['output_tokens'] })).toEqual({
    sensitivity: 1,
    maxAgents: 200,
    signals: { duration: { strictness: 2 }, silence: { strictness: 0.5 }, output_tokens: { enabled: false } },
  })
})

it('is off with one option', () => {
  expect(anomalyOf({ ...section, enabled: false })).toBe(false)
})

it('refuses a factor that is none, and says what to write', () => {
  for (const wrong of ['duration', 'duration=', 'duration=0', 'duration=x', '=2'])
    expect(() => anomalyOf({ ...section, strictness: [wrong] }), wrong).toThrow(
      `anomaly.strictness holds "${wrong}"; write a signal and a factor above 0, as in "duration=2"`,
    )
})
