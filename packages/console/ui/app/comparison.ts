/** Choosing two runs to compare: shift-click one, then the other. */
import { signal } from '@preact/signals'
import { go, href } from './router.ts'

/** The run that waits for another one. */
export const compareFrom = signal<string | null>(null)

/** The first call remembers, the second compares; the same run again forgets it. */
export function chooseForComparison(traceId: string): void {
  const first = compareFrom.value
  if (first === null) compareFrom.value = traceId
  else {
    compareFrom.value = null
    if (first !== traceId) go(href('/compare', { a: first, b: traceId }))
  }
}
