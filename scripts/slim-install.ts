/**
 * Runs after every `pnpm install`: takes out of node_modules what nothing here reads and what is a fifth of it, the C++
 * headers that npm's `node` package brings and some kinds of files of the dependencies. pnpm's store keeps them: what is
 * removed is a link to them, or a copy.
 */
import { existsSync, readdirSync, rmSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'

/** Source maps, a manual, and gpt-tokenizer's vocabularies as text, which it has as JavaScript too. */
const UNREAD = /\.(?:map|mdx|tiktoken)$/

const store = join(import.meta.dirname, '../node_modules/.pnpm')

if (existsSync(store)) {
  for (const folder of readdirSync(store))
    if (folder.startsWith('node@')) removeHeaders(join(store, folder, 'node_modules/node/node_modules'))
  removeUnread(store)
}

/** `packages` holds the platform's build of Node, from which the executable has been linked into `node/bin`. */
function removeHeaders(packages: string): void {
  if (!existsSync(packages)) return
  for (const name of readdirSync(packages)) {
    for (const unread of ['include', 'share']) rmSync(join(packages, name, unread), { recursive: true, force: true })
  }
}

/** Symbolic links are not followed: each package is visited where it lies. */
function removeUnread(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) removeUnread(path)
    else if (entry.isFile() && UNREAD.test(entry.name)) unlinkSync(path)
  }
}
