/**
 * Waits for the work, but not for ever, and never rejects.
 *
 * @returns whether all of it succeeded in time
 */
export async function bounded(work: readonly Promise<unknown>[], timeoutMs: number): Promise<boolean> {
  const settled = Promise.allSettled(work).then((results) => results.every(({ status }) => status === 'fulfilled'))
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false)
  })
  try {
    return await Promise.race([settled, timeout])
  } finally {
    clearTimeout(timer)
  }
}

/** Metrics go last, for they count what became of the rest; yet in time, should the rest have nowhere to go. */
export async function metricsLast(
  rest: readonly Promise<unknown>[],
  metrics: () => Promise<void>,
  timeoutMs: number,
): Promise<void> {
  await bounded(rest, timeoutMs / 2)
  await metrics()
}
