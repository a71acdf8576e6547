import { spawnSync } from 'node:child_process'

/**
 * Runs a program in a process of its own, from source.
 *
 * @returns what it printed as JSON
 * @throws Error with its standard error, when it fails
 */
export function runFixture(file: string, env: Record<string, string> = {}): unknown {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--conditions=@agentel/source', file], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  })
  if (status !== 0) throw new Error(`${file} ended with ${status ?? signal}: ${stderr}`)
  return JSON.parse(stdout)
}
