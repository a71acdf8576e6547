import { readFileSync, statfs, type StatsFsBase } from 'node:fs'
import { promisify } from 'node:util'

/** Bytes read from disk and written to it, and the number of threads, of this process. */
export interface ProcFigures {
  readonly read: number
  readonly written: number
  readonly threads: number
}

function numberAfter(text: string, key: string): number {
  return Number(new RegExp(`^${key}:\\s*(\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN)
}

/** What Linux tells of this process; undefined elsewhere. @param folder for tests */
export function readProc(folder = '/proc/self'): ProcFigures | undefined {
  try {
    const io = readFileSync(`${folder}/io`, 'utf8')
    const threads = numberAfter(readFileSync(`${folder}/status`, 'utf8'), 'Threads')
    return { read: numberAfter(io, 'read_bytes'), written: numberAfter(io, 'write_bytes'), threads }
  } catch {
    return undefined
  }
}

/** The space of the file system in which the process works. */
export interface FileSystemSpace {
  readonly used: number
  readonly free: number
}

/**
 * The space of the file system of a folder, as it was at the look before: asking for it may take long where the folder
 * is on another machine, so nothing waits for it.
 */
export function watchFileSystem(folder: string): () => FileSystemSpace | undefined {
  let known: FileSystemSpace | undefined
  let asking = false
  const ask = async (): Promise<void> => {
    if (asking) return
    asking = true
    try {
      // Not from fs/promises, which brings readline and more that no start needs.
      const { bsize, blocks, bfree, bavail }: StatsFsBase<number> = await promisify(statfs)(folder)
      known = { used: (blocks - bfree) * bsize, free: bavail * bsize }
    } catch {
      known = undefined
    } finally {
      asking = false
    }
  }
  void ask()
  return () => {
    void ask()
    return known
  }
}
