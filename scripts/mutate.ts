/**
 * `pnpm mutate [pattern of names]`: switches off one hook, reader, reducer or processor at a time, or takes one decision
 * otherwise, and runs the tests that belong to it. Each must turn some test red; the survivors are printed and make it fail.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { findMutants, type ResolvedMutant } from './mutants.ts'

const root = join(import.meta.dirname, '..')
const reports = join(root, '.cache', `mutate-${process.pid}`)

/** A test that loops for ever with a mutant has noticed it, in ms. */
const PATIENCE = 300_000

interface Run {
  readonly failed: number
  readonly passed: number
  /** Names of those that failed. */
  readonly names: readonly string[]
  readonly output: string
}

const filter = new RegExp(process.argv[2] ?? '')
const mutants = (await findMutants(root)).filter(({ id }) => filter.test(id))
if (mutants.length === 0)
  throw new Error(`no mutant's name matches ${filter}; they read like "instrumentation-kit/stream-tap.ts tapStream"`)
const started = Date.now()
mkdirSync(reports, { recursive: true })
try {
  process.exitCode = (await baselineIsGreen()) && (await survivors()).length === 0 ? 0 : 1
} finally {
  rmSync(reports, { recursive: true, force: true })
}

/** A test that fails anyway would kill every mutant. */
async function baselineIsGreen(): Promise<boolean> {
  const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))]
  const { failed, passed, names, output } = await runTests('baseline', tests)
  if (failed === 0 && passed > 0) return true
  console.error(
    `without any mutant ${failed} tests fail and ${passed} pass: make them green first\n${names.join('\n')}\n${output.slice(-2000)}`,
  )
  return false
}

async function survivors(): Promise<ResolvedMutant[]> {
  const alive: ResolvedMutant[] = []
  const queue = mutants.entries()
  const work = async (): Promise<void> => {
    for (const [index, mutant] of queue) {
      const { failed, passed, output } = await runTests(String(index), mutant.tests, mutant)
      if (failed === 0) alive.push(mutant)
      console.log(
        `${failed === 0 ? 'SURVIVED' : 'killed  '} ${mutant.id} (${failed} of ${failed + passed} tests failed)`,
      )
      if (failed + passed === 0) console.log(output.slice(-1500))
    }
  }
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work))
  const seconds = Math.round((Date.now() - started) / 1000)
  console.log(`${mutants.length} mutants, ${alive.length} survivors (${seconds} s)`)
  for (const { id, tests } of alive) console.log(`survivor: ${id}; none of ${tests.join(', ')} noticed`)
  return alive
}

function runTests(name: string, tests: readonly string[], mutant?: ResolvedMutant): Promise<Run> {
  const report = join(reports, `${name}.json`)
  const args = ['run', '--config', 'scripts/mutate.vitest.config.ts', '--reporter=json', `--outputFile=${report}`]
  if (mutant !== undefined) args.push('--bail=1', '--no-file-parallelism')
  const env: NodeJS.ProcessEnv = { ...process.env }
  if (mutant !== undefined) {
    env['AGENTEL_MUTANT'] = JSON.stringify({ file: mutant.file, change: mutant.change })
    env['NODE_OPTIONS'] = `${env['NODE_OPTIONS'] ?? ''} --import=${join(import.meta.dirname, 'apply-mutant.ts')}`.trim()
  }
  const limit = mutant === undefined ? undefined : { timeout: PATIENCE, killSignal: 'SIGKILL' as const }
  const child = spawn('vitest', [...args, ...tests], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], ...limit })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => void (output += text.toString()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (_, signal) => {
      const ranOn = signal === 'SIGKILL' ? { failed: 1, passed: 0, names: ['it ran on'] } : undefined
      resolve({ ...(ranOn ?? readReport(report)), output })
    })
  })
}

/** A file that fails before its first test (in a hook, while it is loaded) counts as one failed test. */
function readReport(file: string): Omit<Run, 'output'> {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as {
      numPassedTests: number
      testResults: { name: string; status: string; assertionResults: { fullName: string; status: string }[] }[]
    }
    const names = report.testResults.flatMap(({ name, status, assertionResults }) => {
      const failed = assertionResults.filter((assertion) => assertion.status === 'failed')
      if (failed.length > 0) return failed.map(({ fullName }) => `${name}: ${fullName}`)
      return status === 'failed' ? [name] : []
    })
    return { failed: names.length, passed: report.numPassedTests, names }
  } catch {
    return { failed: 0, passed: 0, names: [] }
  }
}
