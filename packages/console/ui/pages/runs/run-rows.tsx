/** A short list of runs inside another page. */
import type { TraceSummary } from '../../../src/api/contract.ts'
import { Panel } from '../../parts/panel.tsx'
import { RunRow } from './run-row.tsx'

interface RunRowsProps {
  readonly title: string
  readonly runs: readonly TraceSummary[]
  /** Address of the whole list. */
  readonly all: string
  readonly empty: string
  /** All columns; without it, those that fit half a page. */
  readonly wide?: boolean
}

/** Failures get a second line for what failed. */
export function RunRows({ title, runs, all, empty, wide = false }: RunRowsProps) {
  const longest = runs.reduce((most, run) => Math.max(most, run.duration), 1)
  return (
    <Panel title={title} more={<a href={all}>all</a>}>
      {runs.length === 0 ? (
        <p class="note">{empty}</p>
      ) : (
        <div role="list" class={wide ? '' : 'compact'}>
          {runs.map((run) => (
            <RunRow key={run.traceId} run={run} longest={longest} />
          ))}
        </div>
      )}
    </Panel>
  )
}
