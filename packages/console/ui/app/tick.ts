/** A number that grows by itself while a page is open, for what changes without telemetry. */
import { useEffect, useState } from 'preact/hooks'
import { paused, version } from './live.ts'

/** @param every milliseconds. @returns a version for `useResource`, and a way to ask again at once */
export function useTick(every: number): readonly [tick: number, again: () => void] {
  const [tick, setTick] = useState(0)
  const again = (): void => setTick((before) => before + 1)
  useEffect(() => {
    const timer = setInterval(() => !paused.value && again(), every)
    return () => clearInterval(timer)
  }, [every])
  return [tick + version.value * 1e6, again]
}
