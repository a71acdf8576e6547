/**
 * `pnpm check:packages`: packs every package as it would be published and holds the tarball against publint and
 * "are the types wrong" (ESM only). Needs `pnpm build` first, and the network the first time: both tools stay outside
 * the workspace, one of them brings a whole second TypeScript.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

const publint = ['publint@0.3.25', 'run', '--strict']
const typesWrong = ['@arethetypeswrong/cli@0.18.5', '--profile', 'esm-only', '--format', 'ascii', '--quiet']

const root = join(import.meta.dirname, '..')
const destination = join(root, '.cache/packed')
rmSync(destination, { recursive: true, force: true })
mkdirSync(destination, { recursive: true })

interface Manifest {
  name: string
  private?: boolean
  exports?: object
}

const failed = new Set<string>()
for (const file of globSync('packages/{*,*/*}/package.json', { cwd: root }).toSorted()) {
  const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest
  if (manifest.private === true) continue
  const cwd = join(root, dirname(file))
  const packed = execFileSync('pnpm', ['pack', '--json', '--pack-destination', destination], { cwd, encoding: 'utf8' })
  const { filename } = JSON.parse(packed) as { filename: string }
  // A package that is only a command has no types that could be wrong.
  for (const tool of manifest.exports === undefined ? [publint] : [publint, typesWrong]) {
    const run = spawnSync('pnpm', ['dlx', ...tool, filename], { cwd: destination, encoding: 'utf8' })
    if (run.status === 0) continue
    failed.add(manifest.name)
    console.error(`${manifest.name}:\n${run.stdout}${run.stderr}`)
  }
}
console.log(`check-packages: ${failed.size === 0 ? '0 findings' : `${[...failed].join(', ')} failed`}`)
process.exitCode = failed.size === 0 ? 0 : 1
