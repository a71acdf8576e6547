import { describe, expect, it } from 'vitest'
import { trendOf } from '../../ui/format/trend.ts'

const HOUR = 3_600_000
const hours = (count: number): number[] => Array.from({ length: count }, (_, i) => i * HOUR)

describe('a trend', () => {
  it('has its direction and its magnitude in an hour as a share of the mean', () => {
    expect(trendOf(hours(5), [8, 9, 10, 11, 12])).toEqual({ direction: 'rising', perHour: 0.1 })
    expect(trendOf(hours(5), [12, 11, 10, 9, 8])).toEqual({ direction: 'falling', perHour: -0.1 })
    expect(trendOf(hours(5), [10, 10, 10, 10, 10])).toEqual({ direction: 'steady', perHour: 0 })
  })

  it('is none where values only scatter, and is one where they scatter around a line', () => {
    expect(trendOf(hours(8), [10, 30, 10, 30, 12, 33, 11, 34])?.direction).toBe('steady')
    expect(trendOf(hours(8), [10, 14, 12, 17, 15, 20, 18, 22])?.direction).toBe('rising')
    // Four points go up three times in eight by chance.
    expect(trendOf(hours(4), [10, 13, 11, 14])?.direction).toBe('steady')
  })

  it('leaves gaps out, and says nothing of three points', () => {
    expect(trendOf(hours(6), [8, null, 10, null, 12, 13])?.direction).toBe('rising')
    expect(trendOf(hours(5), [1, null, 2, null, 3])).toBeNull()
    expect(trendOf(hours(5), [0, 0, 0, 0, 0])).toBeNull()
  })
})
