/** A run of vitest that closes with one line, `N passed, N failed`. */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'

/** Runs vitest with these arguments; its JSON goes to `report`. Gives the exit code: 0 only if everything passed. */
export function runTests(args: readonly string[], report: string): 0 | 1 {
  rmSync(report, { force: true })
  const run = spawnSync('vitest', ['run', ...args], { stdio: 'inherit' })
  let failed = 1
  let passed = 0
  try {
    const summary = JSON.parse(readFileSync(report, 'utf8'))
    passed = summary.numPassedTests
    // A file that could not even be loaded has no test to count: it is a failure all the same.
    const unloaded = summary.testResults.filter(
      (file: { status: string; assertionResults: unknown[] }) =>
        file.status === 'failed' && file.assertionResults.length === 0,
    ).length
    failed = summary.numFailedTests + unloaded
  } catch (error) {
    console.error(`no test report at ${report}: ${String(error)}`)
  }
  if (run.status !== 0 && failed === 0) failed = 1
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}
