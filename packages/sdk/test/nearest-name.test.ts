import { expect, it } from 'vitest'
import { nearestName } from '../src/nearest-name.ts'

const NAMES = ['profile', 'metrics', 'cost', 'content', 'console', 'shutdown']

it.each([
  ['profle', 'profile'],
  ['porfile', 'profile'],
  ['rpofiel', 'profile'],
  ['metrcs', 'metrics'],
  ['xmetrics', 'metrics'],
  ['costs', 'cost'],
  ['cots', 'cost'],
  ['shutdwon', 'shutdown'],
  ['profile', 'profile'],
  ['colour', undefined],
  ['ct', undefined],
  ['', undefined],
  ['profileprofile', undefined],
  ['p'.repeat(1_000_000), undefined],
])('takes %.20s for %s', (word, name) => {
  expect(nearestName(word, NAMES)).toBe(name)
})
