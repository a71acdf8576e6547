import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

/** Where everything that these tests make is kept between runs. */
export const packedFolder = join(root, '.cache/packed')

/** The packages that `@agentel/sdk` installs with it. */
const PACKAGES = [
  'semconv',
  'prices',
  'api',
  'sampler',
  'processor-kit',
  'instrumentation-kit',
  'processors/cost',
  'processors/metrics',
  'processors/redaction',
  'instrumentations/openai',
  'sdk',
]

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
 * Builds the packages and packs them as they would be published.
 *
 * @returns paths of the tarballs by package name
 */
export async function packWorkspace(): Promise<Record<string, string>> {
  await runTool('tsc', ['-b', 'packages/sdk'], root)
  await runTool('node', ['scripts/bundle.ts'], join(root, 'packages/sdk'))
  const folder = join(packedFolder, 'tarballs')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const name of PACKAGES) {
    await runTool('npx', ['-y', 'pnpm@12', 'pack', '--pack-destination', folder], join(root, 'packages', name))
  }
  return Object.fromEntries(
    readdirSync(folder).map((file) => [`@agentel/${/^agentel-(.+)-\d/.exec(file)?.[1]}`, join(folder, file)]),
  )
}
