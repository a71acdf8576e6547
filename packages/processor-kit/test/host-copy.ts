import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

/**
 * Runs a fixture in a host of another SDK line: our sources are copied into the host's folder, so that they resolve
 * the host's `@opentelemetry/api`, as they do when they are installed there.
 *
 * @returns what the fixture printed as JSON
 */
export function runInHost(host: string, fixture: string): unknown {
  const app = mkdtempSync(join(host, 'app-'))
  try {
    mkdirSync(join(app, 'node_modules/@agentel'), { recursive: true })
    for (const name of ['api', 'processor-kit', 'sampler', 'semconv']) {
      const copy = join(app, 'packages', name)
      cpSync(join(root, 'packages', name, 'src'), join(copy, 'src'), { recursive: true })
      cpSync(join(root, 'packages', name, 'package.json'), join(copy, 'package.json'))
      symlinkSync(copy, join(app, 'node_modules/@agentel', name))
    }
    cpSync(fixture, join(app, 'fixture.ts'))
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--conditions=@agentel/source', join(app, 'fixture.ts')],
      {
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '' },
      },
    )
    if (status !== 0) throw new Error(`${fixture} ended with ${status}: ${stderr}`)
    return JSON.parse(stdout)
  } finally {
    rmSync(app, { recursive: true, force: true })
  }
}
