import { isMainThread } from 'node:worker_threads'
import { guard } from '@agentel/api'

const SIGNALS = ['SIGTERM', 'SIGINT'] as const
type ExitSignal = (typeof SIGNALS)[number]

/**
 * Sends what is left before the process ends by itself (`beforeExit`) or by a signal, and leaves the way it ends as it
 * was: the same exit code, the same signal towards the parent, every other listener called as before.
 *
 * When the application listens to the signal itself, the end is its own business: only the flush is started. When
 * nobody else does, Node's default would have been to die at once, so after the flush the signal is raised again; a
 * second signal during the flush ends it at once.
 *
 * `process.exit()` and an uncaught exception leave no time for anything asynchronous; there `flushNow` is called.
 *
 * @param flush never rejects, and resolves in bounded time to whether all was sent
 * @param activity how much has been recorded so far; when it has not changed there is nothing to send again
 * @param flushNow the last resort: sends what is left while everything waits, in bounded time
 * @returns takes all listeners away
 */
export function flushOnExit(flush: () => Promise<boolean>, activity: () => number, flushNow: () => void): () => void {
  let flushedAt = -1
  /** Until then all was sent, or was tried and given up. */
  let doneAt = -1
  const flushAll = async (): Promise<boolean> => {
    const reached = activity()
    const sent = await flush()
    doneAt = reached
    return sent
  }
  const onExit = (): void => {
    if (activity() !== doneAt) guard('sdk.exit', flushNow)
  }
  const onBeforeExit = (): void => {
    // It comes again whenever the flush itself, or another listener's work, has kept the loop alive.
    if (activity() === flushedAt) return
    flushedAt = activity()
    void flushAll().then((sent) => {
      // The loop was empty, so what is alive now is an exporter that still tries. With a listener beside ours it could
      // be that listener's work, which is not ours to end.
      if (!sent && process.listenerCount('beforeExit') === 1) process.exit()
    })
  }
  const listeners = new Map<ExitSignal, () => void>()
  const remove = (): void => {
    process.removeListener('beforeExit', onBeforeExit)
    process.removeListener('exit', onExit)
    for (const [signal, listener] of listeners) process.removeListener(signal, listener)
  }
  process.on('beforeExit', onBeforeExit)
  process.on('exit', onExit)
  // Signals are delivered to the main thread only.
  if (!isMainThread) return remove

  for (const signal of SIGNALS) {
    let flushing = false
    const listener = (): void => {
      const nobodyElse = process.listenerCount(signal) === 1
      const raise = (): void => {
        process.removeListener(signal, listener)
        process.kill(process.pid, signal)
      }
      if (flushing && nobodyElse) return raise()
      flushing = true
      void flushAll().then(() => {
        flushing = false
        if (nobodyElse) raise()
      })
    }
    listeners.set(signal, listener)
    process.on(signal, listener)
  }
  return remove
}
