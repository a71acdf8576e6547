import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { packedFolder, runTool } from './pack-workspace.ts'

/** An application's folder, with our packages installed from their tarballs. */
export interface HostFolder {
  folder: string
  /** Runs Node in it, with nothing of this process's environment but PATH and HOME. */
  node(args: readonly string[], env?: Record<string, string>): Promise<HostRun>
  /** Runs npm in it. */
  npm(args: readonly string[], env?: Record<string, string>): Promise<HostRun>
  /** Runs an installed command in it. */
  npx(args: readonly string[], env?: Record<string, string>): Promise<HostRun>
}

/** How a program ended and what it wrote. */
export interface HostRun {
  code: number | null
  stdout: string
  stderr: string
}

async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<HostRun> {
  const { PATH, HOME } = process.env
  const child = spawn(command, args, { cwd, env: { PATH, HOME, ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

/** Installs, with npm, into a fresh folder: our tarballs and what the host itself depends on. */
export async function makeHost(
  name: string,
  dependencies: Record<string, string>,
  tarballs: Record<string, string>,
): Promise<HostFolder> {
  const folder = join(packedFolder, 'hosts', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const ours = Object.fromEntries(Object.entries(tarballs).map(([ourName, file]) => [ourName, `file:${file}`]))
  const manifest = {
    name,
    private: true,
    type: 'module',
    scripts: { chat: 'node app.js' },
    dependencies: { ...dependencies, ...ours },
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
  await runTool('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'], folder)
  cpSync(join(import.meta.dirname, 'apps'), folder, { recursive: true })
  cpSync(join(import.meta.dirname, '../../examples/quickstart/app.js'), join(folder, 'app.js'))
  return {
    folder,
    node: (args, env = {}) => run(process.execPath, args, folder, env),
    npm: (args, env = {}) => run('npm', args, folder, env),
    npx: (args, env = {}) => run('npx', ['--no', ...args], folder, env),
  }
}
