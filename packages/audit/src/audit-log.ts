import { resolve } from 'node:path'
import { countLoss, guard, guardPromise, isDiagHeard } from '@agentel/api'
import { diag } from '@opentelemetry/api'
import { type AuditEvent, type AuditRow, auditRow } from './audit-event.ts'
import type { Synchronous } from './audit-file.ts'
import { hex } from './chain.ts'
import type { Forgotten } from './forget-user.ts'
import type { Pruned, PruneOptions } from './prune-rows.ts'
import { type WritingThread, startWritingThread } from './writing-thread.ts'

/** How an audit log is written. */
export interface AuditLogOptions {
  /** The SQLite file; it and its folder are made when they are not there. */
  readonly file: string
  /** `normal` (default): an acknowledged event survives the end of the process; `full`: a power cut too. */
  readonly synchronous?: Synchronous
  /**
   * Events of this severity number and above (17: ERROR) are durable: `append` returns when they are on disk, whatever
   * becomes of the process then. It blocks the application meanwhile, about a millisecond. None by default.
   */
  readonly durableFrom?: number
  /** Events that may wait for the file, of 64 MiB together; more are dropped and counted. 10,000 by default. */
  readonly maxWaiting?: number
  /** Takes the oldest rows away, when the log is opened and each hour. Nothing is taken by default. */
  readonly retention?: { readonly days?: number; readonly rows?: number }
}

/** The end of the chain. Kept elsewhere, it proves later that nothing before it was cut off: see `verify`. */
export interface AuditHead {
  readonly sequence: number
  /** SHA-256, in hexadecimal digits. */
  readonly hash: string
}

/** How many events went where. */
export interface AuditCounts {
  /** On disk. */
  readonly written: number
  /** Not on disk yet. */
  readonly waiting: number
  /** Lost: too many waited, the file took no more, or the event could not be written as JSON. */
  readonly dropped: number
}

/** A log that is open for writing. */
export interface AuditLog {
  readonly file: string
  /**
   * Takes an event; it is on disk when a later `flush` has resolved, a durable one at once. Never throws, and does not
   * wait but for a durable one.
   */
  append(event: AuditEvent): void
  /**
   * Resolves when every event appended before is on disk.
   * @throws (rejects) when one was dropped since the last flush; the message says how many, and why.
   */
  flush(): Promise<AuditHead>
  /** Erases a user's payloads and identity from the file; the chain still verifies. */
  forget(options: { readonly userId: string }): Promise<Forgotten>
  /** Takes the oldest rows away; the rest still verifies. */
  prune(options: PruneOptions): Promise<Pruned>
  counts(): AuditCounts
  /** Writes what waits and ends the thread; later events are dropped. */
  close(): Promise<void>
}

const MAX_BATCH = 50
const BATCH_MS = 200
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const MAX_WAITING = 10_000
/** Characters of payload that may wait: so many events could otherwise hold ten times as much. */
const MAX_WAITING_SIZE = 64 * 1024 * 1024
/** So long a durable event holds the application up at most, ms. */
const DURABLE_MS = 5000

/**
 * Opens an audit log. Its thread starts with the first event. A process that ends by itself writes what waits first;
 * `process.exit` does not, so flush before it.
 *
 * @example
 * const audit = openAuditLog({ file: 'audit.db' })
 * audit.append({ event: 'agentel.resource.accessed', agent: 'clerk', user: 'u1', attributes: { action: 'read' } })
 * await audit.flush()
 */
export function openAuditLog(options: AuditLogOptions): AuditLog {
  return new FileAuditLog(options)
}

class FileAuditLog implements AuditLog {
  readonly file: string
  readonly #synchronous: Synchronous
  readonly #maxWaiting: number
  readonly #durableFrom: number
  readonly #retention: { readonly days?: number; readonly rows?: number } | undefined
  #thread: WritingThread | undefined
  #batch: AuditRow[] = []
  #batchSize = 0
  /** Size of each batch that is on its way to the file. */
  readonly #sent: number[] = []
  #waitingSize = 0
  #timer: NodeJS.Timeout | undefined
  #retentionTimer: NodeJS.Timeout | undefined
  #written = 0
  #waiting = 0
  #dropped = 0
  #droppedAtFlush = 0
  /** Whether it was said that a durable event was late. */
  #late = false
  /** Why nothing is written any more. */
  #stopped: string | undefined

  constructor({ file, synchronous, maxWaiting, retention, durableFrom }: AuditLogOptions) {
    this.file = resolve(file)
    this.#synchronous = synchronous ?? 'normal'
    this.#maxWaiting = maxWaiting ?? MAX_WAITING
    this.#durableFrom = durableFrom ?? Number.POSITIVE_INFINITY
    this.#retention = retention
  }

  append(event: AuditEvent): void {
    if (this.#stopped !== undefined || this.#waiting >= this.#maxWaiting || this.#waitingSize >= MAX_WAITING_SIZE) {
      return this.#drop(1)
    }
    const row = guard('audit.append', () => auditRow(event))
    if (row === undefined) return this.#drop(1)
    this.#waiting++
    this.#waitingSize += row.payload.length
    this.#batchSize += row.payload.length
    this.#batch.push(row)
    if (row.severity >= this.#durableFrom) this.#sendAndWait()
    else if (this.#batch.length >= MAX_BATCH) this.#send()
    else this.#timer ??= setTimeout(() => this.#send(), BATCH_MS)
  }

  async flush(): Promise<AuditHead> {
    this.#send()
    const head = await guardPromise('audit.flush', () => this.#open().call('flush', undefined))
    const dropped = this.#dropped - this.#droppedAtFlush
    this.#droppedAtFlush = this.#dropped
    if (dropped > 0) {
      const why =
        this.#stopped ?? `more than ${this.#maxWaiting} or 64 MiB of them waited, or they could not be written as JSON`
      throw new Error(`${dropped} audit events were not written to ${this.file}: ${why}`)
    }
    if (head === undefined) throw new Error(`${this.file} is not written any more: ${this.#stopped ?? 'see diag'}`)
    return { sequence: head.sequence, hash: hex(head.hash) }
  }

  async forget(options: { readonly userId: string }): Promise<Forgotten> {
    this.#send()
    return this.#open().call('forget', { userId: options.userId })
  }

  async prune(options: PruneOptions): Promise<Pruned> {
    this.#send()
    return this.#open().call('prune', options)
  }

  counts(): AuditCounts {
    return { written: this.#written, waiting: this.#waiting, dropped: this.#dropped }
  }

  async close(): Promise<void> {
    this.#send()
    clearInterval(this.#retentionTimer)
    const thread = this.#thread
    this.#stopped ??= 'the log is closed'
    this.#thread = undefined
    await thread?.close()
  }

  #sendAndWait(): void {
    this.#send()
    const done = guard('audit.durable', () => this.#thread?.wait(DURABLE_MS))
    if (done !== false || this.#late) return
    this.#late = true
    diag.warn(`agentel: ${this.file} took more than ${DURABLE_MS} ms to write a durable event; the application goes on`)
  }

  #send(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#batch.length === 0) return
    const rows = this.#batch
    this.#batch = []
    this.#sent.push(this.#batchSize)
    this.#batchSize = 0
    try {
      this.#open().write(rows)
    } catch (error) {
      // A process that is not allowed threads, for one.
      this.#stop(rows.length, error instanceof Error ? error.message : String(error))
    }
  }

  /** @throws Error when the log is closed or its thread has ended */
  #open(): WritingThread {
    if (this.#thread !== undefined) return this.#thread
    if (this.#stopped !== undefined) throw new Error(`${this.file} is not written any more: ${this.#stopped}`)
    this.#thread = startWritingThread(
      { file: this.file, synchronous: this.#synchronous },
      {
        onWritten: (count) => {
          this.#written += count
          this.#waiting -= count
          this.#waitingSize -= this.#sent.shift() ?? 0
        },
        onLost: (count, reason) => this.#stop(count, reason),
      },
    )
    this.#keepRetention()
    return this.#thread
  }

  /** Says once, loudly, that nothing is audited any more; the application goes on. */
  #stop(count: number, reason: string): void {
    this.#waiting -= count
    this.#drop(count)
    if (this.#stopped !== undefined) return
    this.#stopped = reason
    const line =
      `agentel: auditing to ${this.file} has stopped: ${reason}. The application goes on, its events are counted ` +
      'as dropped. Make room, end what keeps it locked, or repair it; then start the application again.'
    guard('audit.stop', () => {
      if (isDiagHeard()) diag.error(line)
      else process.emitWarning(line, { code: 'AGENTEL_AUDIT' })
    })
  }

  #drop(count: number): void {
    this.#dropped += count
    countLoss('audit', count)
  }

  #keepRetention(): void {
    const { days, rows } = this.#retention ?? {}
    if (days === undefined && rows === undefined) return
    const prune = (): void => {
      const before = days === undefined ? undefined : { before: Date.now() - days * DAY_MS }
      const keep = rows === undefined ? undefined : { keep: rows }
      void guardPromise('audit.retention', () => this.prune({ ...before, ...keep }))
    }
    prune()
    this.#retentionTimer = setInterval(prune, HOUR_MS).unref()
  }
}
