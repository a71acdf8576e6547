import { describe, expect, it } from 'vitest'
import { openGathering } from '../src/store/gathering.ts'

describe('what waits for the writer', () => {
  it('is written at once when nothing was written before', () => {
    expect(openGathering().isEnough(1, 0)).toBe(true)
  })

  it('is not waited for when there is one sender: it has what it is going to have', () => {
    const gathering = openGathering()
    gathering.wrote(1, 0, 100)
    expect(gathering.isEnough(1, 0)).toBe(true)
  })

  it('grows to what was under way at the last batch, so that senders do not take turns', () => {
    const gathering = openGathering()
    gathering.wrote(1, 3, 100)
    expect([3, 4].map((waiting) => gathering.isEnough(waiting, 2))).toEqual([false, true])
  })

  it('is waited for only a small part of what writing took', () => {
    const gathering = openGathering()
    gathering.wrote(2, 2, 50)
    expect([3.9, 4].map((ms) => gathering.isEnough(2, ms))).toEqual([false, true])
    const long = openGathering()
    long.wrote(2, 2, 5000)
    expect([7.9, 8].map((ms) => long.isEnough(2, ms))).toEqual([false, true])
  })

  it('is taken as it comes for some time after it was waited for in vain', () => {
    const gathering = openGathering()
    gathering.wrote(2, 2, 50)
    expect(gathering.isEnough(2, 5)).toBe(true)
    const waited = Array.from({ length: 40 }, () => {
      gathering.wrote(2, 2, 50)
      return !gathering.isEnough(2, 1)
    })
    expect(waited.indexOf(true)).toBe(31)
  })

  it('is not counted as waited for in vain when it comes long after', () => {
    const gathering = openGathering()
    gathering.wrote(2, 2, 50)
    expect(gathering.isEnough(1, 60_000)).toBe(true)
    gathering.wrote(2, 2, 50)
    expect(gathering.isEnough(2, 1)).toBe(false)
  })

  it('never is more than one transaction takes', () => {
    const gathering = openGathering()
    gathering.wrote(16, 48, 100)
    expect([15, 16].map((waiting) => gathering.isEnough(waiting, 1))).toEqual([false, true])
  })
})
