import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A copy of a package in an application's tree. */
export interface PackageCopy {
  name: string
  version: string
  /** Its folder, links resolved. */
  folder: string
}

/** Folders looked at, at most: a tree of another kind must not keep the doctor for minutes. */
const MOST_FOLDERS = 20_000

function entries(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map(({ name }) => name)
  } catch {
    return []
  }
}

/** The packages directly in a `node_modules`, scoped ones by their whole name. */
function packagesIn(modules: string): string[] {
  return entries(modules).flatMap((name) =>
    name.startsWith('@') ? entries(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
  )
}

function readCopy(folder: string): PackageCopy | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageCopy
    return { name, version, folder }
  } catch {
    return undefined
  }
}

/** `node_modules` of the folder and of those above it, nearest first, as Node looks them up. */
function modulesAbove(folder: string): string[] {
  const found: string[] = []
  for (let at = folder; ; at = dirname(at)) {
    const modules = join(at, 'node_modules')
    if (existsSync(modules)) found.push(modules)
    if (dirname(at) === at) return found
  }
}

/**
 * All copies of the named packages that an application in `folder` may load: of npm's nested trees and of pnpm's store.
 *
 * @returns each copy once, by its real folder; `complete` is false when the tree was too big to see all of it
 */
export function findPackages(folder: string, names: ReadonlySet<string>): { copies: PackageCopy[]; complete: boolean } {
  const copies = new Map<string, PackageCopy>()
  const seen = new Set<string>()
  const queue = modulesAbove(folder)
  for (const modules of queue) {
    if (seen.size >= MOST_FOLDERS) return { copies: [...copies.values()], complete: false }
    for (const name of packagesIn(modules)) {
      if (name === '.pnpm') {
        for (const inner of entries(join(modules, name))) queue.push(join(modules, name, inner, 'node_modules'))
        continue
      }
      const path = realpathSync(join(modules, name))
      if (seen.has(path)) continue
      seen.add(path)
      const copy = names.has(name) ? readCopy(path) : undefined
      if (copy) copies.set(path, copy)
      const nested = join(path, 'node_modules')
      if (existsSync(nested)) queue.push(nested)
    }
  }
  return { copies: [...copies.values()], complete: true }
}
