import { appendFile } from 'node:fs/promises'
import { appendFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { diag } from '@opentelemetry/api'

/** Lines that wait may hold so many characters; what comes then is dropped and counted. */
const MAX_WAITING = 4 * 1024 * 1024

/** One count for all copies of this module, for a bundle has several. */
const DROPPED = Symbol.for('agentel.sdk.logFile.dropped')
const counts = globalThis as { [DROPPED]?: number }

/** Lines that were not written since the process began, for the disk was too slow or refused them. */
export function droppedLines(): number {
  return counts[DROPPED] ?? 0
}

/** A file that lines are appended to. */
export interface LogFile {
  write(line: string): void
  /** Resolves when all lines so far are written, or given up. Never rejects. */
  flush(): Promise<void>
  /** Writes what waits while everything else waits: for the end of a process. */
  flushNow(): void
}

/** What a log file is made with. */
export interface LogFileOptions {
  readonly file: string
  readonly maxBytes: number
  readonly backups: number
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** The file becomes `.1`, `.1` becomes `.2`, and so on; the oldest goes. */
function rotate(file: string, backups: number): void {
  if (backups === 0) return rmSync(file, { force: true })
  rmSync(`${file}.${backups}`, { force: true })
  for (let n = backups - 1; n >= 0; n--) {
    const from = n === 0 ? file : `${file}.${n}`
    if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, `${file}.${n + 1}`)
  }
}

/** Lines off the front of the list that fit into so many bytes; at least one. */
function take(lines: string[], bytes: number): string[] {
  let size = 0
  let count = 0
  for (const line of lines) {
    size += Buffer.byteLength(line)
    if (count > 0 && size > bytes) break
    count++
  }
  return lines.splice(0, count)
}

/** Opens a log file; nothing is written before the first line. Several processes may append to one file. */
export function openLogFile({ file, maxBytes, backups }: LogFileOptions): LogFile {
  const waiting: string[] = []
  let size = 0
  let writing: Promise<void> | undefined
  let told = false
  /** What is being written, and the size of the file before it. */
  let underWay: { readonly lines: string[]; readonly before: number } | undefined
  const lose = (lines: number, error?: unknown): void => {
    counts[DROPPED] = droppedLines() + lines
    if (!told) diag.warn(`agentel: ${file} cannot be written as fast as there are log records, or not at all`, error)
    told = true
  }
  /** The next lines that go into one file, after it was rotated if it is full. */
  const next = (): string[] => {
    const used = sizeOf(file)
    const [first = ''] = waiting
    const full = used > 0 && used + Buffer.byteLength(first) > maxBytes
    if (full) rotate(file, backups)
    const lines = take(waiting, maxBytes - (full ? 0 : used))
    size -= lines.reduce((sum, line) => sum + line.length, 0)
    return lines
  }
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      let lines: string[] = []
      try {
        lines = next()
        underWay = { lines, before: sizeOf(file) }
        await appendFile(file, lines.join(''))
      } catch (error) {
        lose(lines.length === 0 ? waiting.splice(0).length : lines.length, error)
        if (waiting.length === 0) size = 0
      } finally {
        underWay = undefined
      }
    }
  }
  const start = (): Promise<void> => {
    writing ??= drain().finally(() => (writing = undefined))
    return writing
  }
  return {
    write(line) {
      if (size + line.length > MAX_WAITING) return lose(1)
      waiting.push(line)
      size += line.length
      if (writing === undefined) setImmediate(() => void start())
    },
    flush: async () => {
      while (waiting.length > 0 || writing !== undefined) await start()
    },
    flushNow() {
      let lines: string[] = []
      try {
        // Nothing asynchronous runs any more: what had not reached the file by now would not.
        if (underWay !== undefined && sizeOf(file) <= underWay.before) waiting.unshift(...underWay.lines)
        while (waiting.length > 0) {
          lines = next()
          appendFileSync(file, lines.join(''))
          lines = []
        }
      } catch (error) {
        lose(lines.length + waiting.splice(0).length, error)
      }
    },
  }
}
