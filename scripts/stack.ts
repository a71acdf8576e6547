/**
 * `pnpm stack build | up | test [vitest arguments]`: the servers that the telemetry goes to, natively. docs/stack.md.
 * `test` closes with one line, `N passed, N failed`.
 */
import { once } from 'node:events'
import { join } from 'node:path'
import { buildPrograms } from './stack/binaries.ts'
import { fixedPorts } from './stack/ports.ts'
import { startStack } from './stack/start-stack.ts'
import { runTests } from './run-tests.ts'

const root = join(import.meta.dirname, '..')

async function up(): Promise<void> {
  buildPrograms()
  const folder = join(root, '.cache/stack/data')
  const tunables = Object.entries(process.env).filter(([name]) => /^(OTELCOL_|DEPLOY_ENV$)/.test(name))
  const collectorEnv = Object.fromEntries(tunables)
  const stack = await startStack({ folder, ports: fixedPorts, collectorEnv, reserveQueue: true })
  for (const [name, url] of Object.entries(stack.urls)) console.log(`stack: ${name.padEnd(16)} ${url}`)
  console.log(`stack: data and logs are in ${folder}; Ctrl-C stops it`)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await stack.stop()
}

function test(args: readonly string[]): void {
  buildPrograms()
  process.exitCode = runTests(['--config', 'test/stack/vitest.config.ts', ...args], '.cache/vitest-stack.json')
}

const [command, ...args] = process.argv.slice(2)
if (command === 'build') buildPrograms()
else if (command === 'up') await up()
else if (command === 'test') test(args)
else {
  console.error(`stack: "${command ?? ''}" is no command; there are build, up and test`)
  process.exitCode = 2
}
