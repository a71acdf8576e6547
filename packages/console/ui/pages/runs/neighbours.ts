/** The list a run was opened from, so that its page can go to the next one. */
import { signal } from '@preact/signals'
import { know } from '../../app/live.ts'
import type { TraceSummary } from '../../../src/api/contract.ts'

const ids = signal<readonly string[]>([])

/** Called by each list with what it shows. */
export function rememberList(runs: readonly TraceSummary[]): void {
  know(runs)
  if (runs.length > 0) ids.value = runs.map((run) => run.traceId)
}

/** Ids of the runs before and after this one in the list last seen. */
export function neighboursOf(traceId: string): { before: string | null; after: string | null } {
  const at = ids.value.indexOf(traceId)
  return at < 0
    ? { before: null, after: null }
    : { before: ids.value[at - 1] ?? null, after: ids.value[at + 1] ?? null }
}
