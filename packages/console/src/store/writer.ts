import { Worker } from 'node:worker_threads'
import type { Forgotten } from './forget-user.ts'
import type { BodyResult, Signal, StoreOptions } from './store.ts'
import type { FromWriter, ToWriter, WriterData } from './writer-messages.ts'

/** Bodies waiting for the writer may hold so many bytes; beyond it senders are told to come back. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024
/** What a batch makes is short-lived: a small nursery is collected more often, and keeps 100 MiB out of the process. */
const NURSERY_MB = 24

/** Told of what the writer did, as it happens. */
export interface WriterEvents {
  onChanged(traces: readonly number[], logs: number): void
  onFault(message: string): void
}

/** The main thread's end of the writer thread. */
export interface Writer {
  /** Resolves when the body is committed or refused; undefined: too much is waiting already. */
  write(signal: Signal, encoding: 'protobuf' | 'json', bytes: Buffer): Promise<BodyResult> | undefined
  /** Deletes everything of a user. @throws (rejects) when the file cannot be written */
  forget(user: string): Promise<Forgotten>
  /** Writes what waits and closes the file. */
  close(): Promise<void>
}

function ownBytes(bytes: Buffer): Uint8Array<ArrayBuffer> {
  const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
  return whole ? new Uint8Array(bytes.buffer as ArrayBuffer) : new Uint8Array(bytes)
}

/**
 * Starts the thread that writes the store's file.
 * @throws (rejects) when the file cannot be used; the message says why.
 */
export function startWriter(store: StoreOptions, events: WriterEvents): Promise<Writer> {
  const entry = new URL(`./writer-thread.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
  const worker = new Worker(entry, {
    name: 'agentel-store',
    workerData: { store } satisfies WriterData,
    resourceLimits: { maxYoungGenerationSizeMb: NURSERY_MB },
  })
  const waiting = new Map<number, { bytes: number; done: (result: BodyResult) => void }>()
  const forgetting = new Map<number, { resolve(report: Forgotten): void; reject(error: Error): void }>()
  const opened = Promise.withResolvers<Writer>()
  const closed = Promise.withResolvers<void>()
  let nextId = 1
  let waitingBytes = 0
  let end: string | undefined

  const send = (message: ToWriter, transfer: ArrayBuffer[] = []): void => worker.postMessage(message, transfer)
  const finish = (id: number, result: BodyResult): void => {
    const item = waiting.get(id)
    if (item === undefined) return
    waiting.delete(id)
    waitingBytes -= item.bytes
    item.done(result)
  }
  const writer: Writer = {
    write(signal, encoding, bytes) {
      if (end !== undefined) return Promise.resolve({ outcome: 'fault', reason: end })
      if (waitingBytes > MAX_WAITING_BYTES) return undefined
      const id = nextId++
      waitingBytes += bytes.length
      const { promise, resolve } = Promise.withResolvers<BodyResult>()
      waiting.set(id, { bytes: bytes.length, done: resolve })
      const own = ownBytes(bytes)
      send({ kind: 'body', id, signal, encoding, bytes: own }, [own.buffer])
      return promise
    },
    forget(user) {
      if (end !== undefined) return Promise.reject(new Error(end))
      const id = nextId++
      const { promise, resolve, reject } = Promise.withResolvers<Forgotten>()
      forgetting.set(id, { resolve, reject })
      send({ kind: 'forget', id, user })
      return promise
    },
    close() {
      send({ kind: 'close' })
      return closed.promise
    },
  }
  worker.on('message', (message: FromWriter) => {
    if (message.kind === 'ready') opened.resolve(writer)
    else if (message.kind === 'refused') opened.reject(new Error(message.message))
    else if (message.kind === 'forgotten') {
      const { id, report } = message
      if ('fault' in report) forgetting.get(id)?.reject(new Error(report.fault))
      else forgetting.get(id)?.resolve(report)
      forgetting.delete(id)
    } else if (message.kind === 'fault') events.onFault(message.message)
    else if (message.kind === 'changed') events.onChanged(message.traces, 0)
    else if (message.kind === 'results') {
      for (const { id, result } of message.results) finish(id, result)
      events.onChanged(message.traces, message.logs)
    }
  })
  const ended = (reason: string): void => {
    end ??= reason
    opened.reject(new Error(reason))
    for (const { reject } of forgetting.values()) reject(new Error(reason))
    for (const id of waiting.keys()) finish(id, { outcome: 'fault', reason })
    closed.resolve()
  }
  worker.on('error', (error) => {
    events.onFault(`the store's thread failed: ${error.message}`)
    ended(`the store's thread failed: ${error.message}`)
  })
  worker.on('exit', () => ended("the store's thread has ended"))
  return opened.promise
}
