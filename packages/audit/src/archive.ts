import { createReadStream, createWriteStream, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { openForReading, openForWriting } from './audit-file.ts'
import { type AuditReader, openAuditReader } from './audit-reader.ts'
import { type Forgotten, forgetUser } from './forget-user.ts'

/** What an archive holds. */
export interface Archived {
  readonly file: string
  readonly rows: number
}

/** Writes beside the target and renames: whoever looks at the name sees a whole file or none. */
async function zip(from: string, to: string): Promise<void> {
  const part = join(dirname(to), `.${basename(to)}.part`)
  try {
    await pipeline(createReadStream(from), createGzip(), createWriteStream(part, { mode: 0o600 }))
    renameSync(part, to)
  } finally {
    rmSync(part, { force: true })
  }
}

/** Runs `fn` over a file of its own in a new folder, which is then deleted. */
async function inFolder<T>(fn: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'agentel-audit-'))
  try {
    return await fn(join(folder, 'audit.db'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function unzipped<T>(archive: string, fn: (file: string) => Promise<T>): Promise<T> {
  if (!existsSync(archive)) throw new Error(`${archive} is not there. Name a file that archiveAuditLog made.`)
  return inFolder(async (file) => {
    try {
      await pipeline(createReadStream(archive), createGunzip(), createWriteStream(file, { mode: 0o600 }))
    } catch (error) {
      throw new Error(
        `${archive} is no archive of an audit log: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      )
    }
    return fn(file)
  })
}

/**
 * Copies a log, as it is now, into one compressed file. The chain is whole in it: it can be queried and verified, and
 * users can be forgotten there. Prune the log afterwards.
 * @throws Error when the log is not there, or the archive is there already
 */
export async function archiveAuditLog(file: string, archive: string): Promise<Archived> {
  if (existsSync(archive))
    throw new Error(`${archive} is there already. Choose another name; archives are never written over.`)
  return inFolder(async (copy) => {
    const db = openForReading(file)
    try {
      db.prepare('VACUUM INTO ?').run(copy)
    } finally {
      db.close()
    }
    const reader = openAuditReader(copy)
    const { total } = reader.summary()
    reader.close()
    await zip(copy, archive)
    return { file: archive, rows: total }
  })
}

/** Opens an archive for the questions of `fn`; it is unpacked for as long as that takes. */
export function readAuditArchive<T>(archive: string, fn: (reader: AuditReader) => T | Promise<T>): Promise<T> {
  return unzipped(archive, async (file) => {
    const reader = openAuditReader(file)
    try {
      return await fn(reader)
    } finally {
      reader.close()
    }
  })
}

/** Erases a user from an archive, as `forget` does from a log. */
export function forgetInArchive(archive: string, options: { readonly userId: string }): Promise<Forgotten> {
  return unzipped(archive, async (file) => {
    const db = openForWriting(file, 'full')
    let forgotten: Forgotten
    try {
      forgotten = forgetUser(db, options.userId)
      db.exec('PRAGMA journal_mode = DELETE')
    } finally {
      db.close()
    }
    await zip(file, archive)
    return forgotten
  })
}
