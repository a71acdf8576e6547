import { guard, putOff } from '@agentel/api'

/** What ends when its object was collected without having been read to the end. */
export interface Abandonable {
  /** The object that the application held is gone. Must not keep that object alive. */
  abandoned(): void
}

/** A call's tie to an object. */
export interface Tie {
  call: Abandonable | undefined
  /** Until its being collected is waited for. */
  object: object | undefined
}

const registry = new FinalizationRegistry<Tie>((tie) => {
  guard('abandoned', () => tie.call?.abandoned())
})

/** Most calls of a turn are over before it is. */
const waiting = putOff<Tie>('abandoned.wait', (tie) => {
  if (tie.object === undefined) return
  registry.register(tie.object, tie, tie)
  tie.object = undefined
})

/**
 * Ends `call` when `object` is collected, unless the tie is cut before. Cut it when the call ends: through its abort signal
 * a call can hold on to what it was tied to.
 */
export function endWhenCollected(object: object, call: Abandonable): Tie {
  const tie: Tie = { call, object }
  waiting.add(tie)
  return tie
}

/** The call has ended, or another object stands for it now. */
export function cutTie(tie: Tie | undefined): void {
  if (tie?.call === undefined) return
  tie.call = undefined
  if (tie.object !== undefined) tie.object = undefined
  // What is registered outlives every minor collection, with all that it holds: a whole answer.
  else registry.unregister(tie)
}
