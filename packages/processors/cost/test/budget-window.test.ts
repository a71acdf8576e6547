import { describe, expect, it } from 'vitest'
import { type BudgetOptions, parseBudgets } from '../src/budget-options.ts'
import { slotAt, windowAt } from '../src/budget-window.ts'

function windowOf(at: string, options: Partial<BudgetOptions>) {
  const [budget] = parseBudgets([{ name: 'b', scope: 'total', period: 'day', cost: 1, ...options }])
  const { start, end } = windowAt(budget!, Date.parse(at))
  return [new Date(start).toISOString(), new Date(end).toISOString()]
}

describe('a calendar window', () => {
  it.each([
    ['a day in UTC', '2026-11-21T12:34:56Z', { period: 'day' }, '2026-11-21T00:00:00.000Z', '2026-11-22T00:00:00.000Z'],
    ['an hour', '2026-11-21T12:34:56Z', { period: 'hour' }, '2026-11-21T12:00:00.000Z', '2026-11-21T13:00:00.000Z'],
    [
      'an hour at a fraction of a second',
      '2026-11-21T12:34:56.789Z',
      { period: 'hour' },
      '2026-11-21T12:00:00.000Z',
      '2026-11-21T13:00:00.000Z',
    ],
    [
      'an hour where the clock is half an hour off',
      '2026-11-21T12:34:56Z',
      { period: 'hour', timeZone: 'Asia/Kolkata' },
      '2026-11-21T12:30:00.000Z',
      '2026-11-21T13:30:00.000Z',
    ],
    [
      'a month with 30 days at its last second',
      '2026-11-30T23:59:59Z',
      { period: 'month' },
      '2026-11-01T00:00:00.000Z',
      '2026-12-01T00:00:00.000Z',
    ],
    [
      'the last month of a year',
      '2026-12-31T23:30:00Z',
      { period: 'month' },
      '2026-12-01T00:00:00.000Z',
      '2027-01-01T00:00:00.000Z',
    ],
    [
      'February of a leap year',
      '2028-02-29T12:00:00Z',
      { period: 'month' },
      '2028-02-01T00:00:00.000Z',
      '2028-03-01T00:00:00.000Z',
    ],
    [
      "a month's end that is already the next month locally",
      '2026-11-30T23:30:00Z',
      { period: 'month', timeZone: 'Europe/Berlin' },
      '2026-11-30T23:00:00.000Z',
      '2026-12-31T23:00:00.000Z',
    ],
    [
      'a day of 23 hours when summer begins',
      '2026-03-29T12:00:00Z',
      { timeZone: 'Europe/Berlin' },
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ],
    [
      'a day of 25 hours when summer ends',
      '2026-10-25T12:00:00Z',
      { timeZone: 'Europe/Berlin' },
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ],
    [
      'a day of 25 hours in New York, in its last hour',
      '2026-11-02T04:59:59Z',
      { timeZone: 'America/New_York' },
      '2026-11-01T04:00:00.000Z',
      '2026-11-02T05:00:00.000Z',
    ],
    [
      'a day whose midnight was skipped',
      '2018-11-04T12:00:00Z',
      { timeZone: 'America/Sao_Paulo' },
      '2018-11-04T03:00:00.000Z',
      '2018-11-05T02:00:00.000Z',
    ],
    [
      'a day whose midnight came twice',
      '2018-02-18T12:00:00Z',
      { timeZone: 'America/Sao_Paulo' },
      '2018-02-18T03:00:00.000Z',
      '2018-02-19T03:00:00.000Z',
    ],
    [
      'a day whose first hour comes twice, from the first of them',
      '2026-10-25T12:00:00Z',
      { timeZone: 'Atlantic/Azores' },
      '2026-10-25T00:00:00.000Z',
      '2026-10-26T01:00:00.000Z',
    ],
    [
      'a month across the change of the clock',
      '2026-10-31T22:59:59Z',
      { period: 'month', timeZone: 'Europe/Berlin' },
      '2026-09-30T22:00:00.000Z',
      '2026-10-31T23:00:00.000Z',
    ],
  ] as const)('is %s', (_, at, options, start, end) => expect(windowOf(at, options)).toEqual([start, end]))

  it('follows the one before without a gap over a whole year of days in zones that change their clocks', () => {
    for (const timeZone of [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Cairo',
      'America/Santiago',
      'Asia/Beirut',
    ]) {
      const [budget] = parseBudgets([{ name: 'b', scope: 'total', period: 'day', cost: 1, timeZone }])
      let window = windowAt(budget!, Date.parse('2024-01-01T12:00:00Z'))
      for (let day = 0; day < 366; day++) {
        const next = windowAt(budget!, window.end)
        expect(next.start, timeZone).toBe(window.end)
        expect(next.end - next.start).toBeGreaterThanOrEqual(23 * 3_600_000)
        expect(next.end - next.start).toBeLessThanOrEqual(25 * 3_600_000)
        window = next
      }
    }
  })
})

it('a rolling window is its length, in steps of a sixtieth', () => {
  expect(windowOf('2026-11-21T12:34:56Z', { period: 'hour', window: 'rolling' })).toEqual([
    '2026-11-21T11:35:00.000Z',
    '2026-11-21T12:35:00.000Z',
  ])
  const [budget] = parseBudgets([{ name: 'b', scope: 'total', period: 'hour', cost: 1, window: 'rolling' }])
  expect(new Date(slotAt(budget!, Date.parse('2026-11-21T12:34:56Z')).start).toISOString()).toBe(
    '2026-11-21T12:34:00.000Z',
  )
})
