import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { createRowStore } from '../src/row-store.ts'
import { createSessions } from '../src/sessions.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function heldBy(work: () => void): number {
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  work()
  collectGarbage()
  return process.memoryUsage().heapUsed - before
}

it('remembers no more of a session than its bound, however long its id is', () => {
  const store = createRowStore({ maxRows: 10, profile: 'latest', histogramOf: undefined })
  const sessions = createSessions(store, { idleTimeout: 60_000, maxSessions: 1000 })
  const length = 500_000
  const held = heldBy(() => {
    for (let count = 0; count < 100; count++) {
      const id = Buffer.alloc(length, 'x').fill(String(count).padStart(3, '0'), 0, 3).toString('latin1')
      sessions.touch({ id, start: 0, end: 1, queries: 1, cost: 0 })
    }
  })
  expect(held).toBeLessThan(5 * length)
  const [active] = store.families.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells))
  expect(active).toEqual({ kind: 'sum', value: 100 })
})
