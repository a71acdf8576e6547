/** `pnpm check`: everything that can be said of the code without running it. All steps run; any finding fails. */
import { spawnSync } from 'node:child_process'

const steps: [string, string, string[]][] = [
  ['types', 'tsc', ['-b']],
  ['types of tests and scripts', 'tsc', ['-p', 'tsconfig.tests.json']],
  ['lint', 'oxlint', []],
  ['format', 'oxfmt', ['--check', '.']],
  ['layers', 'node', ['scripts/check-layers.ts']],
  ['shape', 'node', ['scripts/check-shape.ts']],
  ['names', 'node', ['--conditions=@agentel/source', 'scripts/check-names.ts']],
  ['mutants', 'node', ['--conditions=@agentel/source', 'scripts/check-mutants.ts']],
  ['generated files and coverage', 'node', ['scripts/generate.ts', '--check']],
  ['unused code and dependencies', 'knip', ['--no-config-hints']],
]

const failed = steps.filter(([name, command, args]) => {
  const started = Date.now()
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  return status !== 0
})
if (failed.length > 0) {
  console.error(`pnpm check: ${failed.map(([name]) => name).join(', ')} failed`)
  process.exitCode = 1
}
