import { expect, it } from 'vitest'
import { createProbe } from '../src/index.ts'

it('asks once for all who ask at the same time, and not again while the answer holds', async () => {
  let [asked, time] = [0, 1000]
  const probe = createProbe({ check: () => void asked++, timeoutMs: 1000, cacheMs: 10_000, now: () => time })
  expect(probe.last()).toBeUndefined()
  const [first, second] = await Promise.all([probe.run(), probe.run()])
  expect(first).toStrictEqual({ at: 1000, responseMs: 0 })
  expect(second).toBe(first)
  time += 9999
  expect(await probe.run()).toBe(first)
  expect(asked).toBe(1)
  time += 1
  expect(await probe.run()).toStrictEqual({ at: 11_000, responseMs: 0 })
  expect([asked, probe.last()?.at]).toEqual([2, 11_000])
})

it('gives up after its time-out, tells the check so, and does not ask again before the check has come back', async () => {
  let asked = 0
  const signals: AbortSignal[] = []
  const waiting: (() => void)[] = []
  const check = (signal: AbortSignal) => {
    asked++
    signals.push(signal)
    return new Promise<void>((resolve) => void waiting.push(resolve))
  }
  const probe = createProbe({ check, timeoutMs: 20, cacheMs: 0 })
  expect((await probe.run()).problem).toBe('no answer within 20 ms')
  expect(signals[0]?.aborted).toBe(true)
  expect(await probe.run()).toMatchObject({ problem: 'no answer within 20 ms', responseMs: 20 })
  expect(asked).toBe(1)
  waiting[0]?.()
  await new Promise(setImmediate)
  const again = probe.run()
  waiting[1]?.()
  expect((await again).problem).toBeUndefined()
  expect(asked).toBe(2)
})

it.each([
  ['what the check says', () => 'the disk is full', 'the disk is full'],
  ['what it says, cut', () => 'x'.repeat(1000), 'x'.repeat(200)],
  [
    'the code of an error',
    () => Promise.reject(Object.assign(new Error('redis://u:pw@h'), { code: 'ECONNREFUSED' })),
    'ECONNREFUSED',
  ],
  [
    'the code of its cause',
    () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } })),
    'ENOTFOUND',
  ],
  [
    'the name of an error, never its message',
    () => {
      throw new RangeError('https://u:pw@h')
    },
    'RangeError',
  ],
  ['that it failed, where there is no more', () => Promise.reject(undefined), 'it failed'],
])('tells %s', async (_what, check, problem) => {
  const probe = createProbe({ check, timeoutMs: 1000, cacheMs: 0 })
  expect((await probe.run()).problem).toBe(problem)
})

it('asks again after the clock was set back', async () => {
  let [asked, time] = [0, 10_000_000]
  const probe = createProbe({ check: () => void asked++, timeoutMs: 1000, cacheMs: 10_000, now: () => time })
  await probe.run()
  time -= 3_600_000
  expect((await probe.run()).at).toBe(time)
  expect(asked).toBe(2)
})
