/** A run of vitest that closes with one line, `N passed, N failed`. */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'

interface TestFile {
  name: string
  status: string
  message: string
  assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
}

/** More files than this that fail are no hiccup. */
const MOST_REPEATED = 3

/**
 * Runs vitest with these arguments; its JSON goes to `report`. Gives the exit code: 0 only if everything passed. What failed is
 * printed once more at the end, for of a long log often only the last lines are kept. On a CI machine (`CI` is set) a file that
 * failed runs a second time, alone: that tells a fault from a hiccup of a busy machine, and both are printed.
 */
export function runTests(args: readonly string[], report: string): 0 | 1 {
  let files = runVitest(args, report)
  const repeated = files.filter(({ status }) => status === 'failed').map(({ name }) => name)
  if (process.env.CI && repeated.length > 0 && repeated.length <= MOST_REPEATED && !repeated.includes('vitest')) {
    console.log(files.flatMap(failures).join('\n'))
    console.log(`a second time, alone: ${repeated.join(', ')}`)
    const again = runVitest([...args, ...repeated], report)
    files = [...files.filter(({ name }) => again.every((file) => file.name !== name)), ...again]
  }
  const failed = files.flatMap(failures)
  const passed = files.flatMap((file) => file.assertionResults).filter(({ status }) => status === 'passed').length
  if (failed.length > 0) console.log(failed.join('\n'))
  console.log(`${passed} passed, ${failed.length} failed`)
  return failed.length === 0 && passed > 0 ? 0 : 1
}

function runVitest(args: readonly string[], report: string): TestFile[] {
  rmSync(report, { force: true })
  const { status, signal } = spawnSync('vitest', ['run', ...args], { stdio: 'inherit' })
  const whole = (message: string): TestFile => ({ name: 'vitest', status: 'failed', message, assertionResults: [] })
  let files: TestFile[]
  try {
    files = JSON.parse(readFileSync(report, 'utf8')).testResults
  } catch (error) {
    return [whole(`no test report at ${report}: ${String(error)}`)]
  }
  const silent = status !== 0 && files.every((file) => file.status !== 'failed')
  return silent ? [...files, whole(`ended with ${status ?? signal}, though no test failed: see above`)] : files
}

/** A line for each failed test of a file; a file that could not even be loaded has no test, and is one failure. */
function failures({ name, status, message, assertionResults }: TestFile): string[] {
  if (status !== 'failed') return []
  const tests = assertionResults.filter((test) => test.status === 'failed')
  if (tests.length === 0) return [`FAILED ${name}: ${message}`]
  return tests.map((test) => `FAILED ${name} > ${test.fullName}: ${withoutFrames(test.failureMessages.join('\n'))}`)
}

function withoutFrames(message: string): string {
  return message.split(/\n {4}at .*node_modules/)[0]!.slice(0, 2_000)
}
