/**
 * A small generator of numbers of its own, so that a failing case of a property test can be run again.
 *
 * @returns a function that gives an integer from 0 to below its argument
 */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    // The upper bits: the lowest ones of such a generator repeat soon.
    return Math.floor((state / 2 ** 32) * below)
  }
}
