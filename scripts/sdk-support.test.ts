import { expect, it } from 'vitest'
import { mergeSupport, readReport, renderSupport } from './sdk-support.ts'

const evidence = (version: string, format: 'esm' | 'cjs', shows: string[]) =>
  ({ sdk: 'openai', version, format, shows }) as never

function reportOf(file: string, ...tests: [status: string, sdkSupport: never][]) {
  const assertionResults = tests.map(([status, sdkSupport]) => ({ status, meta: { sdkSupport } }))
  return { testResults: [{ name: `/root/${file}`, assertionResults }] }
}

it('counts the tests that show a claim, by version, format and file', () => {
  const report = reportOf(
    'a.test.ts',
    ['passed', evidence('7.0.0', 'esm', ['spans', 'tokens'])],
    ['passed', evidence('7.0.0', 'esm', ['spans'])],
    ['failed', evidence('7.0.0', 'cjs', ['spans'])],
    ['skipped', evidence('6.0.0', 'esm', ['spans'])],
  )
  expect(readReport(report, '/root')).toEqual({
    openai: [
      { version: '7.0.0', format: 'esm', claim: 'spans', file: 'a.test.ts', tests: 2, passed: 2 },
      { version: '7.0.0', format: 'esm', claim: 'tokens', file: 'a.test.ts', tests: 1, passed: 1 },
      { version: '7.0.0', format: 'cjs', claim: 'spans', file: 'a.test.ts', tests: 1, passed: 0 },
    ],
  })
})

it('a file that runs again replaces what it said before; what other files said stays', () => {
  const old = readReport(reportOf('a.test.ts', ['passed', evidence('6.0.0', 'esm', ['spans'])]), '/root')
  const other = readReport(reportOf('b.test.ts', ['passed', evidence('6.0.0', 'esm', ['tools'])]), '/root')
  const fresh = readReport(reportOf('a.test.ts', ['passed', evidence('7.0.0', 'esm', ['spans'])]), '/root')
  const merged = mergeSupport(mergeSupport(old, other), fresh)
  expect(merged['openai']!.map(({ version, claim }) => `${version} ${claim}`)).toEqual(['6.0.0 tools', '7.0.0 spans'])
})

it('a claim that a test fails, or that only one format shows, is not shown as whole', () => {
  const run = readReport(
    reportOf(
      'a.test.ts',
      ['passed', evidence('7.0.0', 'esm', ['spans', 'tools'])],
      ['passed', evidence('7.0.0', 'cjs', ['spans'])],
      ['failed', evidence('7.0.0', 'cjs', ['tokens'])],
    ),
    '/root',
  )
  expect(renderSupport(run)).toContain(
    '| `openai` | 7.0.0 | esm, cjs | ✓ 2 | – | ✓ 1 (esm) | 1 of 1 tests fail | – | – |',
  )
})
