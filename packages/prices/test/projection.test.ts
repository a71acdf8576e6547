import { expect, it } from 'vitest'
import { projectSpend } from '../src/index.ts'

const row = (amounts: number[]) => amounts.map((amount, hour) => ({ start: hour * 3_600_000, amount }))

it('projects a steady spend without spread exactly', () => {
  expect(projectSpend(row([2, 2, 2, 2]))).toEqual({
    hour: { expected: 2, low: 2, high: 2 },
    day: { expected: 48, low: 48, high: 48 },
    month: { expected: 1440, low: 1440, high: 1440 },
    trendPerHour: 0,
  })
})

it('follows a growing spend: 1, 2, 3, 4 an hour continues with 5 and makes 6 + … + 28 more by the day', () => {
  const projection = projectSpend(row([1, 2, 3, 4]))
  expect(projection?.hour.expected).toBeCloseTo(5, 9)
  // 5 + 6 + … + 28 = 24 x 16.5
  expect(projection?.day.expected).toBeCloseTo(396, 9)
  expect(projection?.trendPerHour).toBeCloseTo(1, 9)
})

it('never projects less than nothing for a falling spend', () => {
  expect(projectSpend(row([9, 6, 3, 0]))?.month).toEqual({ expected: 0, low: 0, high: 0 })
})

it('gives the prediction interval of the textbook formula', () => {
  // x 0..4, y 2, 1, 4, 3, 5: slope 0.8, mean 3, residual squares 3.6, variance 1.2.
  // At x = 5: 3 + 0.8 x 3 = 5.4; spread 1.2 x (1 + 1/5 + 9/10) = 2.52; margin 3.182 x sqrt(2.52)
  const hour = projectSpend(row([2, 1, 4, 3, 5]))?.hour
  expect(hour?.expected).toBeCloseTo(5.4, 9)
  expect(hour?.high).toBeCloseTo(5.4 + 3.182 * Math.sqrt(2.52), 9)
  expect(hour?.low).toBeCloseTo(5.4 - 3.182 * Math.sqrt(2.52), 9)
})

it.each([
  [11, 2.201],
  [30, 2.042],
  [120, 1.98],
])('knows the quantile for %i degrees of freedom to a twentieth', (degrees, quantile) => {
  // Up and down by 1 about 10: the margin by the textbook's formula, without the quantile.
  const values = Array.from({ length: degrees + 2 }, (_, x) => 10 + (x % 2 === 0 ? 1 : -1))
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const middle = (n - 1) / 2
  const sxx = values.reduce((sum, _, x) => sum + (x - middle) ** 2, 0)
  const slope = values.reduce((sum, value, x) => sum + (x - middle) * (value - mean), 0) / sxx
  const rest = values.reduce((sum, value, x) => sum + (value - mean - slope * (x - middle)) ** 2, 0)
  const error = Math.sqrt((rest / degrees) * (1 + 1 / n + (n - middle) ** 2 / sxx))
  const hour = projectSpend(row(values))?.hour
  expect(((hour?.high ?? NaN) - (hour?.expected ?? NaN)) / error).toBeCloseTo(quantile, 1)
})

it('covers the truth in about 95 of 100 noisy rows', () => {
  let state = 11
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648
  const gauss = () => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random())
  let covered = 0
  for (let round = 0; round < 1000; round++) {
    const values = Array.from({ length: 25 }, (_, x) => 100 + x + 5 * gauss())
    const hour = projectSpend(row(values.slice(0, 24)))?.hour
    const truth = values[24] ?? NaN
    if (hour !== undefined && truth >= hour.low && truth <= hour.high) covered += 1
  }
  expect(covered).toBeGreaterThan(920)
  expect(covered).toBeLessThan(980)
})

it('reckons in hours whatever the width of the intervals', () => {
  const quarter = row([1, 1, 1, 1])
  expect(projectSpend(quarter, 900_000)?.hour.expected).toBe(4)
  // A dollar more each quarter of an hour: 4 dollars more in each, of which an hour has 4.
  expect(projectSpend(row([1, 2, 3, 4]), 900_000)?.trendPerHour).toBeCloseTo(16, 9)
})

it('has no projection from fewer than three intervals', () => {
  expect(projectSpend(row([1, 2]))).toBeUndefined()
})
