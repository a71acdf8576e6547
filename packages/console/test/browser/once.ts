/** Work that several processes need done, and only one may do: test files run side by side. */
import { existsSync, mkdirSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** A lock older than this was left by a process that was killed. Milliseconds. */
const STALE = 180_000

/**
 * Runs `work` unless the file `done` is there; who comes while it runs waits for it.
 * @throws (rejects) what `work` throws; the next one then tries again
 */
export async function once(done: string, work: () => void | Promise<void>): Promise<void> {
  const lock = `${done}.lock`
  mkdirSync(dirname(done), { recursive: true })
  while (!existsSync(done)) {
    if (!take(lock)) {
      await wait(200)
      continue
    }
    try {
      if (!existsSync(done)) await work()
      writeFileSync(done, '')
    } finally {
      rmdirSync(lock)
    }
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch {
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    if (age > STALE) rmdirSync(lock)
    return false
  }
}
