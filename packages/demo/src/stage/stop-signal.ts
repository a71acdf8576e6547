const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The first signal that asks this process to stop. It does not end the process by itself then; a second one does. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    // Only once each: a second Ctrl-C ends the process at once, for those who do not want to wait.
    for (const signal of SIGNALS) process.once(signal, () => resolve(signal))
  })
}

/** Rejects when one of these signals comes before `work` is done, so that what runs is put away in order. */
export async function unlessStopped<T>(stopped: Promise<NodeJS.Signals>, work: Promise<T>): Promise<T> {
  const signal = stopped.then((name): never => {
    throw new Error(`stopped by ${name}`)
  })
  return Promise.race([work, signal])
}
