import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

/** Where everything that these tests make is kept between runs. */
export const packedFolder = join(root, '.cache/packed-hosts')

/** Runs a command with this workspace's tools. @throws with what it printed, when it fails */
export async function runTool(command: string, args: readonly string[], cwd: string): Promise<string> {
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`
  try {
    const { stdout } = await run(command, args, { cwd, env: { ...process.env, PATH: path }, maxBuffer: 2 ** 26 })
    return stdout
  } catch (error) {
    const { message, stdout, stderr } = error as Error & { stdout?: string; stderr?: string }
    throw new Error(`${message}\n${stdout ?? ''}\n${stderr ?? ''}`, { cause: error })
  }
}

/**
 * Builds all packages and packs them as they would be published.
 *
 * @returns paths of the tarballs by package name
 */
export async function packWorkspace(): Promise<Record<string, string>> {
  const pnpm = (...args: string[]) => runTool('npx', ['-y', 'pnpm@12', '-r', ...args], root)
  await runTool('tsc', ['-b'], root)
  await pnpm('--if-present', 'run', 'bundle')
  const folder = join(packedFolder, 'tarballs')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await pnpm('--filter', './packages/**', 'pack', '--pack-destination', folder)
  return Object.fromEntries(
    readdirSync(folder).map((file) => {
      // `agentel-sdk-1.2.3.tgz` has @agentel/sdk, `agentel-1.2.3.tgz` the command.
      const scoped = /^agentel-([a-z].*?)-\d/.exec(file)?.[1]
      return [scoped === undefined ? 'agentel' : `@agentel/${scoped}`, join(folder, file)]
    }),
  )
}
