import { useEffect, useState } from 'preact/hooks'

const NARROW = matchMedia('(max-width: 760px)')

/** True on a phone-sized window. */
export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(NARROW.matches)
  useEffect(() => {
    const changed = () => setNarrow(NARROW.matches)
    NARROW.addEventListener('change', changed)
    return () => NARROW.removeEventListener('change', changed)
  }, [])
  return narrow
}
