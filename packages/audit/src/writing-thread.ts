import { Worker } from 'node:worker_threads'
import type { AuditRow } from './audit-event.ts'
import type { FromThread, ThreadCall, ThreadCalls, ThreadData, ToThread } from './audit-messages.ts'

/** Told of what the thread did, as it happens. */
export interface ThreadEvents {
  onWritten(count: number): void
  onLost(count: number, reason: string): void
}

/** The application's end of the thread that writes the file. */
export interface WritingThread {
  write(rows: readonly AuditRow[]): void
  /** Blocks until all rows sent before are written or lost, at most so many ms; not again before anything moves. @returns whether they are */
  wait(ms: number): boolean
  /** Resolves, or rejects, when everything sent before is done. */
  call<Name extends keyof ThreadCalls>(name: Name, options: ThreadCalls[Name][0]): Promise<ThreadCalls[Name][1]>
  close(): Promise<void>
}

interface Waiting {
  resolve(result: never): void
  reject(error: Error): void
}

/** Starts the thread. It keeps the process alive only while something is on its way to the file. */
export function startWritingThread(data: Omit<ThreadData, 'done'>, events: ThreadEvents): WritingThread {
  return new Thread(data, events)
}

class Thread implements WritingThread {
  readonly #worker: Worker
  readonly #events: ThreadEvents
  readonly #calls = new Map<number, Waiting>()
  #rows = 0
  /** Rows sent since the start, and in `#done` those that were written or lost. Both wrap around alike. */
  #sent = 0
  #stuckAt: number | undefined
  readonly #done = new Int32Array(new SharedArrayBuffer(4))
  #nextId = 1
  #ended: string | undefined

  constructor(data: Omit<ThreadData, 'done'>, events: ThreadEvents) {
    const entry = new URL(`./audit-thread.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
    this.#events = events
    // Preloaded modules (the application's own telemetry) have no business in this thread, unlike how modules are found.
    this.#worker = new Worker(entry, {
      name: 'agentel-audit',
      workerData: { ...data, done: this.#done } satisfies ThreadData,
      execArgv: process.execArgv.filter((option) => option.startsWith('--conditions=')),
      env: {},
    })
    this.#worker.on('message', (message: FromThread) => this.#receive(message))
    this.#worker.on('error', (error) => this.#end(`its thread failed: ${error.message}`))
    this.#worker.on('exit', () => this.#end('its thread has ended'))
    this.#worker.unref()
  }

  write(rows: readonly AuditRow[]): void {
    if (this.#ended !== undefined) return this.#events.onLost(rows.length, this.#ended)
    this.#rows += rows.length
    this.#sent = (this.#sent + rows.length) | 0
    this.#post({ kind: 'rows', rows })
  }

  wait(ms: number): boolean {
    const end = performance.now() + ms
    for (;;) {
      const done = Atomics.load(this.#done, 0)
      if (done === this.#sent || this.#ended !== undefined) return true
      // A thread that has failed says so by a message, which nobody gets while the application is held up here.
      if (done === this.#stuckAt) return false
      const left = end - performance.now()
      if (left > 0 && Atomics.wait(this.#done, 0, done, left) !== 'timed-out') continue
      this.#stuckAt = done
      return false
    }
  }

  call<Name extends keyof ThreadCalls>(name: Name, options: ThreadCalls[Name][0]): Promise<ThreadCalls[Name][1]> {
    if (this.#ended !== undefined) return Promise.reject(new Error(this.#ended))
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject })
      this.#post({ kind: name, id, options } as ThreadCall)
    })
  }

  async close(): Promise<void> {
    if (this.#ended === undefined) await this.call('close', undefined)
  }

  #post(message: ToThread): void {
    this.#worker.ref()
    this.#worker.postMessage(message, [])
  }

  #receive(message: FromThread): void {
    if (message.kind === 'written' || message.kind === 'lost') {
      this.#rows -= message.count
      if (message.kind === 'written') this.#events.onWritten(message.count)
      else this.#events.onLost(message.count, message.reason)
    } else {
      const call = this.#calls.get(message.id)
      this.#calls.delete(message.id)
      if (message.kind === 'answer') call?.resolve(message.result as never)
      else call?.reject(new Error(message.reason))
    }
    if (this.#rows === 0 && this.#calls.size === 0) this.#worker.unref()
  }

  #end(reason: string): void {
    if (this.#ended !== undefined) return
    this.#ended = reason
    if (this.#rows > 0) this.#events.onLost(this.#rows, reason)
    this.#rows = 0
    for (const call of this.#calls.values()) call.reject(new Error(reason))
    this.#calls.clear()
  }
}
