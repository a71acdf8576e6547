/** `pnpm generate`: runs every generator. With `--check` each only says what is out of date, and any finding fails. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const generators = [
  'scripts/generate-semconv.ts',
  'packages/sdk/scripts/generate-config.ts',
  'packages/console/scripts/generate-schemas.ts',
  'scripts/generate-telemetry-page.ts',
  'scripts/generate-deploy.ts',
  'scripts/generate-coverage.ts',
  'scripts/generate-sdk-support.ts',
]

const failed = generators.filter((script) => {
  if (!existsSync(script)) throw new Error(`${script} is listed in scripts/generate.ts and does not exist`)
  const run = spawnSync('node', ['--conditions=@agentel/source', script, '--page', ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  return run.status !== 0
})
if (failed.length > 0) {
  console.error(`generate: ${failed.join(', ')} failed`)
  process.exitCode = 1
}
