import { describe, expect, it } from 'vitest'
import { ticks } from '../../ui/format/axis.ts'
import { leadingEmpty } from '../../ui/format/crop.ts'
import { bytes, count, money, percent, plain, plural } from '../../ui/format/quantity.ts'
import { age, duration, offset, roundDuration } from '../../ui/format/time.ts'

describe('numbers on the page', () => {
  it('are three significant digits with a suffix, and "-" when they are not known', () => {
    expect([0, 7, 999, 1000, 11_700, 999_600, 1_200_000, null, undefined, Number.NaN].map(count)).toEqual([
      '0',
      '7',
      '999',
      '1.00k',
      '11.7k',
      '1.00M',
      '1.20M',
      '-',
      '-',
      '-',
    ])
  })

  it('are money by size, never 0 for what has no price', () => {
    expect([null, 0, 0.000_001, 0.000_0967, 0.0321, 1.1, 99.5, 1240.4].map(money)).toEqual([
      '-',
      '$0',
      '<$0.00001',
      '$0.000097',
      '$0.0321',
      '$1.10',
      '$99.50',
      '$1,240',
    ])
  })

  it('are as short as they are true to four digits where nobody knows their unit', () => {
    expect([95, 10, 0.9, 1 / 6, 0, -2.5, 12_345.6].map(plain)).toEqual([
      '95',
      '10',
      '0.9',
      '0.1667',
      '0',
      '-2.5',
      '12350',
    ])
  })

  it('are shares and bytes with their unit', () => {
    expect([0, 0.0004, 0.004, 0.12, 1, null].map(percent)).toEqual(['0 %', '<0.1 %', '0.40 %', '12 %', '100 %', '-'])
    expect([12, 12_400_000, 999, null].map(bytes)).toEqual(['12 B', '12.4 MB', '999 B', '-'])
    expect([plural(1, 'run'), plural(20, 'run'), plural(0, 'query', 'queries')]).toEqual([
      '1 run',
      '20 runs',
      '0 queries',
    ])
  })
})

describe('times on the page', () => {
  it('are without what is 0 in them where somebody chose them', () => {
    expect([15_000, 1500, 2, 0.5, 300_000, 330_000, 3_600_000, 604_800_000].map(roundDuration)).toEqual([
      '15 s',
      '1.5 s',
      '2 ms',
      '500 µs',
      '5 m',
      '5 m 30 s',
      '1 h',
      '7 d',
    ])
  })

  it('are durations in the unit that a person would choose', () => {
    expect([0, 0.84, 12, 999.6, 1230, 41_900, 125_000, 5_220_000, 273_600_000, null].map(duration)).toEqual([
      '0 ms',
      '840 µs',
      '12.0 ms',
      '1.00 s',
      '1.23 s',
      '41.9 s',
      '2 m 05 s',
      '1 h 27 m',
      '3 d 4 h',
      '-',
    ])
    expect([offset(31_100), offset(-5)]).toEqual(['+31.1 s', '-5.00 ms'])
  })

  it('are ages under an hour, and say so when a clock is ahead', () => {
    const now = new Date(2026, 10, 21, 12, 0, 0).getTime()
    expect([now, now - 12_000, now - 180_000].map((time) => age(time, now))).toEqual(['now', '12 s ago', '3 m ago'])
    expect(age(now - 7_200_000, now)).toBe('10:00:00')
    expect(age(now - 86_400_000, now)).toBe('2026-11-20 12:00')
    expect(age(now + 60_000, now)).toBe('12:01:00 (ahead)')
  })

  it('have an axis with round ticks, seconds by 1, 2, 5 and minutes by parts of an hour', () => {
    expect(ticks(0, 35_000, 6)).toEqual([0, 10_000, 20_000, 30_000])
    expect(ticks(0, 600_000, 6)).toEqual([0, 120_000, 240_000, 360_000, 480_000, 600_000])
    expect(ticks(5, 5)).toEqual([5])
  })

  it('begin with the first value when a chart would begin with nothing, and keep twenty buckets', () => {
    const late = [...Array.from({ length: 50 }, () => 0), ...Array.from({ length: 30 }, () => 1)]
    expect(leadingEmpty([late])).toBe(49)
    expect(leadingEmpty([[...late.slice(0, 50), 1]])).toBe(30)
    expect(leadingEmpty([[1, ...late]])).toBe(0)
  })
})
