import { expect, it } from 'vitest'
import { countLoss, lossCounts } from '../src/index.ts'

it('adds up what each part has lost', () => {
  expect(lossCounts()).toEqual({})
  countLoss('audit', 2)
  countLoss('alerts.series', 1)
  countLoss('audit', 3)
  expect(lossCounts()).toEqual({ audit: 5, 'alerts.series': 1 })
})
