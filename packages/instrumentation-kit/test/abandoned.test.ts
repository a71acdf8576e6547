import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { cutTie, endWhenCollected } from '../src/abandoned.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

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
