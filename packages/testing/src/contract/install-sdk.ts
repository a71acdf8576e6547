import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Where SDK versions are listed and where they are installed to. */
export interface SdkFolders {
  /** Holds `<sdk>@<major>/package.json`, with exact versions. */
  readonly matrix: string
  /** Installed copies; may be deleted at any time. */
  readonly cache: string
}

const WAIT = 250
const PATIENCE = 240_000

/**
 * Installs one version of an SDK outside the workspace, once: the next call finds it.
 *
 * @returns the folder whose `node_modules` holds the SDK
 * @throws Error when there is no such version in the matrix, or installing it fails
 */
export async function installSdk(sdk: string, major: number, { matrix, cache }: SdkFolders): Promise<string> {
  const name = `${sdk.replace('/', '+')}@${major}`
  const manifest = join(matrix, name, 'package.json')
  if (!existsSync(manifest)) throw new Error(`there is no ${manifest}: add one that names the exact version of ${sdk}`)
  const text = readFileSync(manifest, 'utf8')
  const folder = join(cache, `${name}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`)
  const done = join(folder, '.installed')
  if (existsSync(done)) return folder
  mkdirSync(cache, { recursive: true })
  const lock = `${folder}.lock`
  if (!takeLock(lock)) {
    await waitFor(done, lock, name)
    return folder
  }
  try {
    const fresh = `${folder}.${process.pid}`
    rmSync(fresh, { recursive: true, force: true })
    mkdirSync(fresh)
    writeFileSync(join(fresh, 'package.json'), text)
    runInstall(fresh, name)
    writeFileSync(join(fresh, '.installed'), '')
    rmSync(folder, { recursive: true, force: true })
    renameSync(fresh, folder)
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
  return folder
}

function runInstall(folder: string, name: string): void {
  // What an SDK would build for itself is not what is tested, and pnpm refuses to leave it out silently.
  const args = ['-y', 'pnpm@12', '--ignore-workspace', 'install', '--prefer-offline', '--ignore-scripts']
  args.push('--config.node-linker=hoisted')
  const { status, stdout, stderr } = spawnSync('npx', args, { cwd: folder, encoding: 'utf8' })
  if (status !== 0)
    throw new Error(`${name} could not be installed in ${folder}: ${`${stdout}\n${stderr}`.slice(-800)}`)
}

/** Test files run in parallel processes: one installs, the others wait. */
function takeLock(lock: string): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch {
    return false
  }
}

async function waitFor(done: string, lock: string, name: string): Promise<void> {
  for (let waited = 0; waited < PATIENCE; waited += WAIT) {
    if (existsSync(done)) return
    await sleep(WAIT)
  }
  throw new Error(`waited ${PATIENCE / 1000} s for another process to install ${name}; delete ${lock} if none does`)
}
