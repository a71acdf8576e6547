import { expect, it } from 'vitest'
import { CANARIES, leaksIn, runCanaries } from './run-canaries.ts'

it('lets none of 200 secrets of 20 kinds out of the process: not by OTLP, Prometheus, SQLite, baggage, or what it says in diag', async () => {
  expect(new Set(CANARIES).size).toBe(200)
  const outlets = await runCanaries()
  expect(Object.fromEntries(Object.entries(outlets).map(([name, text]) => [name, leaksIn(text)]))).toEqual(
    Object.fromEntries(Object.keys(outlets).map((name) => [name, []])),
  )
  // What is left shows that there was something in each of them.
  for (const outlet of ['traces', 'logs', 'metrics', 'prometheus', 'audit', 'console', 'baggage', 'diag'] as const)
    expect(outlets[outlet], outlet).toContain('[REDACTED:')
  expect(outlets.budgets).toContain('sha256:')
})
