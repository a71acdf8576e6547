import { recordFault } from './guard.ts'

/** Work that has been put off. */
export interface PutOff<T> {
  add(item: T): void
  /** Does all of it now, in the order in which it came. */
  catchUp(): void
}

/** Items that wait at most: then they are done at once, whoever waits for the last one. */
const MOST = 64

/**
 * Puts work off until nobody waits: to the end of this turn of the event loop, or until there is enough of it. Many
 * items in a row cost a fraction of what each alone does, for the code is at hand then. Whoever reads what the work
 * gives has to catch up first. An item that fails is a fault of ours and keeps no other from being done.
 *
 * @param where the place of its faults: `metrics.onEnd`
 */
export function putOff<T>(where: string, work: (item: T) => void): PutOff<T> {
  let waiting: T[] = []
  let scheduled = false
  const catchUp = (): void => {
    if (waiting.length === 0) return
    const items = waiting
    waiting = []
    for (let index = 0; index < items.length; index++) {
      try {
        work(items[index]!)
      } catch (fault) {
        recordFault(where, fault)
      }
    }
  }
  const later = (): void => {
    scheduled = false
    catchUp()
  }
  return {
    add(item) {
      waiting.push(item)
      if (waiting.length >= MOST) catchUp()
      else if (!scheduled) {
        scheduled = true
        setImmediate(later).unref()
      }
    },
    catchUp,
  }
}
