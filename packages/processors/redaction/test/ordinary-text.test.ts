import { expect, it } from 'vitest'
import { findings, ORDINARY } from './ordinary-findings.ts'

it('finds only what is there in 126 conversations about the web, but for versions that look like IP addresses', () => {
  const { byRule, characters } = findings('who-and-when')
  expect(characters).toBeGreaterThan(2_000_000)
  expect(byRule).toEqual(ORDINARY['who-and-when']?.byRule)
})

it('finds only the e-mail addresses in 120 conversations full of ids, prices and flight times', () => {
  const { byRule, characters } = findings('tau-bench')
  expect(characters).toBeGreaterThan(1_500_000)
  expect(byRule).toEqual(ORDINARY['tau-bench']?.byRule)
})
