import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One client version with the peers that support it. */
export type MatrixName = 'openai7' | 'openai6' | 'anthropic0' | 'langchain1' | 'ai-sdk7'

/** Installs the peers of one client version outside the workspace, once; returns the folder. */
export function installOverheadMatrix(name: MatrixName): string {
  const root = join(import.meta.dirname, '../..')
  const folder = join(root, '.cache/matrix', `overhead-${name}`)
  const dependencies = JSON.parse(readFileSync(join(import.meta.dirname, 'peers.json'), 'utf8'))[name]
  const manifest = `${JSON.stringify({ name: `overhead-${name}`, private: true, dependencies }, null, 2)}\n`
  const file = join(folder, 'package.json')
  if (existsSync(join(folder, 'node_modules')) && existsSync(file) && sameDependencies(file, dependencies))
    return folder
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, manifest)
  // Peers disagree on the version of the OpenTelemetry API: one copy for all is what an application has.
  const run = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--legacy-peer-deps', '--silent'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  if (run.status !== 0) throw new Error(`npm install in ${folder} failed: ${run.stderr}`)
  return folder
}

function sameDependencies(file: string, wanted: unknown): boolean {
  return JSON.stringify(JSON.parse(readFileSync(file, 'utf8')).dependencies) === JSON.stringify(wanted)
}
