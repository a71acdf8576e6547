import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { cutTie, endWhenCollected } from '../src/abandoned.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void

async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 8; round++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

it('a call ends when the object that stands for it is collected', async () => {
  let ended = 0
  endWhenCollected({}, { abandoned: () => void ended++ })
  await collectGarbage()
  expect(ended).toBe(1)
})

it('a call that another object stands for now is left alone', async () => {
  let ended = 0
  const call = { abandoned: () => void ended++ }
  cutTie(endWhenCollected({}, call))
  await collectGarbage()
  expect(ended).toBe(0)
})

it('what a call was tied to goes with the next minor collection, once the call has ended', () => {
  const call = { abandoned: () => undefined }
  collect()
  const before = getHeapStatistics().used_heap_size
  for (let index = 0; index < 400; index++) {
    cutTie(endWhenCollected({ answer: Array.from({ length: 5000 }, () => index) }, call))
    if (index % 20 === 19) collect({ type: 'minor' })
  }
  expect(getHeapStatistics().used_heap_size - before).toBeLessThan(8_000_000)
})
