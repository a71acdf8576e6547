import { parentPort, workerData } from 'node:worker_threads'
import { MAX_GATHERED, openGathering } from './gathering.ts'
import { openStore, type Body, type Store } from './store.ts'
import type { FromWriter, ToWriter, WriterData } from './writer-messages.ts'

/** A transaction takes what waits, up to this and {@link MAX_GATHERED}. */
const MAX_BYTES = 8 * 1024 * 1024
/** A batch that comes so soon after another will hardly be the last. */
const BUSY_MS = 100
const SETTLE_EVERY_MS = 500
const RETAIN_EVERY_MS = 10_000

type Waiting = Extract<ToWriter, { kind: 'body' }>

const port = parentPort!
const post = (message: FromWriter): void => port.postMessage(message)

/** Of what waits, so much goes into one transaction. */
function batchOf(queue: readonly Waiting[]): { readonly bodies: number; readonly isFull: boolean } {
  let bytes = 0
  let bodies = 0
  while (bodies < queue.length && bodies < MAX_GATHERED && bytes < MAX_BYTES) bytes += queue[bodies++]!.bytes.length
  return { bodies, isFull: bodies === MAX_GATHERED || bytes >= MAX_BYTES }
}

function asBody({ signal, encoding, bytes }: Waiting): Body {
  return { signal, encoding, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) }
}

/** Bodies come faster than the collector of garbage looks at them: their memory is given back at once. */
function letGo(bytes: Uint8Array): void {
  if (bytes.buffer instanceof ArrayBuffer) bytes.buffer.transfer(0)
}

function serve(store: Store, retainEvery: number): void {
  const queue: Waiting[] = []
  const gathering = openGathering()
  let scheduled = false
  let closing = false
  let lastWrite = Number.NEGATIVE_INFINITY

  const drain = (): void => {
    scheduled = false
    if (queue.length > 0) {
      const batch = queue.splice(0, batchOf(queue).bodies)
      const started = performance.now()
      const report = store.ingest(batch.map(asBody), started - lastWrite < BUSY_MS)
      lastWrite = performance.now()
      gathering.wrote(batch.length, queue.length, lastWrite - started)
      const results = report.results.map((result, i) => ({ id: batch[i]!.id, result }))
      post({ kind: 'results', results, traces: report.traces, logs: report.logs })
      for (const { bytes } of batch) letGo(bytes)
    }
    if (queue.length > 0) schedule()
    else if (closing) close()
  }
  const wait = (): void => {
    const isEnough = closing || batchOf(queue).isFull || gathering.isEnough(queue.length, performance.now() - lastWrite)
    if (isEnough) drain()
    else setTimeout(wait, 1)
  }
  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    setImmediate(wait)
  }
  const guarded = (run: () => readonly number[]): void => {
    try {
      const traces = run()
      if (traces.length > 0) post({ kind: 'changed', traces })
    } catch (error) {
      post({ kind: 'fault', message: error instanceof Error ? error.message : String(error) })
    }
  }
  const settle = (): void =>
    guarded(() => {
      const { traces, more } = store.settle(Date.now())
      if (more && !closing) setImmediate(settle)
      return traces
    })
  const retain = (): void =>
    guarded(() => {
      if (store.retain(Date.now()).more && !closing) setImmediate(retain)
      return []
    })
  const forget = (id: number, user: string): void => {
    try {
      post({ kind: 'forgotten', id, report: store.forget(user) })
    } catch (error) {
      post({ kind: 'forgotten', id, report: { fault: error instanceof Error ? error.message : String(error) } })
    }
  }
  const timers = [setInterval(settle, SETTLE_EVERY_MS), setInterval(retain, retainEvery)]
  const close = (): void => {
    timers.forEach(clearInterval)
    store.close()
    post({ kind: 'closed' })
    port.close()
  }
  port.on('message', (message: ToWriter) => {
    if (message.kind === 'body') queue.push(message)
    else if (message.kind === 'forget') forget(message.id, message.user)
    else closing = true
    schedule()
  })
  post({ kind: 'ready' })
}

try {
  const { store } = workerData as WriterData
  serve(openStore(store), store.retainEvery ?? RETAIN_EVERY_MS)
} catch (error) {
  post({ kind: 'refused', message: error instanceof Error ? error.message : String(error) })
}
