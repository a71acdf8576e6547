import { afterEach, beforeEach } from 'vitest'

/** The reasons of the promises that nobody has handled in a test. Vitest, which would fail the run, does not listen. */
export function useUnhandledRejections(): unknown[] {
  const reasons: unknown[] = []
  const note = (reason: unknown): void => void reasons.push(reason)
  let others: NodeJS.UnhandledRejectionListener[] = []
  beforeEach(() => {
    reasons.length = 0
    others = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection')
    process.on('unhandledRejection', note)
  })
  afterEach(() => {
    process.removeListener('unhandledRejection', note)
    for (const listener of others) process.on('unhandledRejection', listener)
  })
  return reasons
}
