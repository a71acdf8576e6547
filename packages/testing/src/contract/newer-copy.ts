import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A version that no SDK has reached. */
export const NEWER = '99.0.0'

/**
 * Copies packages to a folder of their own, as a version that nobody knows. What they depend on stays where it is, but for
 * what is copied too.
 *
 * @param from folder whose `node_modules` holds them
 * @param to a folder that is not there yet
 * @param copied names of packages; those of them that use each other must all be named
 * @param raised those of them whose version is another one
 */
export function copyAsNewer(from: string, to: string, copied: readonly string[], raised: readonly string[]): void {
  const modules = join(to, 'node_modules')
  const places = new Map<string, string>()
  const note = (folder: string): void => {
    for (const name of packagesIn(folder)) if (!places.has(name)) places.set(name, join(folder, name))
  }
  note(join(from, 'node_modules'))
  const waiting = new Set(copied)
  while (waiting.size > 0) {
    const next = [...waiting].find((name) => places.has(name))
    if (next === undefined)
      throw new Error(`there is no ${[...waiting].join(', ')} beside ${[...places.keys()].join(', ')}`)
    const own = realpathSync(places.get(next)!)
    // Where pnpm puts what a package depends on.
    note(own.slice(0, own.length - next.length))
    waiting.delete(next)
  }
  for (const [name, place] of places) {
    const target = join(modules, name)
    mkdirSync(dirname(target), { recursive: true })
    if (copied.includes(name)) cpSync(realpathSync(place), target, { recursive: true })
    else symlinkSync(realpathSync(place), target)
  }
  for (const name of raised) raise(join(modules, name, 'package.json'))
}

/** A package of that name whose files lie where none of the real one's do. */
export function writeStranger(to: string, name: string): void {
  const root = join(to, 'node_modules', name)
  mkdirSync(join(root, 'elsewhere'), { recursive: true })
  const manifest = {
    name,
    version: NEWER,
    exports: { import: './elsewhere/main.mjs', require: './elsewhere/main.cjs' },
  }
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(root, 'elsewhere/main.mjs'), 'export default 1\n')
  writeFileSync(join(root, 'elsewhere/main.cjs'), 'module.exports = 1\n')
}

function packagesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => (name.startsWith('@') ? readdirSync(join(folder, name)).map((one) => `${name}/${one}`) : name))
}

function raise(file: string): void {
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as object
  writeFileSync(file, JSON.stringify({ ...manifest, version: NEWER }))
}
