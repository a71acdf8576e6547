/** One sentence on how a run ended: where it failed, what that took of the time, what had worked last. */
import { percent, plural } from '../../format/quantity.ts'
import { duration, offset } from '../../format/time.ts'
import type { Run } from './model.ts'
import { visit, type RunState } from './state.ts'

/** Names on the way from the run's root down to a row: agents and the row itself. */
export function pathTo(run: Run, row: number): readonly number[] {
  const path = [row]
  for (let at = run.row(row).parent; at >= 0; at = run.row(at).parent) {
    if (run.row(at).type === 'agent') path.unshift(at)
  }
  return path
}

function Noun({ state, row }: { state: RunState; row: number }) {
  return (
    <button type="button" class="noun" onClick={() => visit(state, row)}>
      {state.run.row(row).name}
    </button>
  )
}

/** Each noun goes to its span. */
export function Verdict({ state }: { state: RunState }) {
  const { run } = state
  const { trace, failure } = run.skeleton
  if (failure.origin < 0 || trace.status !== 'error') return <GoodVerdict state={state} />
  const origin = run.row(failure.origin)
  const share = origin.duration / run.length
  return (
    <p class="verdict bad">
      <b>Failed</b> in{' '}
      {pathTo(run, failure.origin).map((row, i) => [
        i > 0 && <span class="faint"> › </span>,
        <Noun state={state} row={row} />,
      ])}
      : <span class="error-text">{trace.error?.message ?? origin.errorType ?? 'no message'}</span>
      <span class="soft">
        {' '}
        · {offset(origin.start)}, {duration(origin.duration)}
        {share >= 0.2 && `, ${percent(share)} of the run`}
        {failure.lastSuccess >= 0 && (
          <>
            {' '}
            · last good step: <Noun state={state} row={failure.lastSuccess} />
          </>
        )}
      </span>
    </p>
  )
}

function GoodVerdict({ state }: { state: RunState }) {
  const { run } = state
  const { trace, handoffs } = run.skeleton
  const saved = run.recovered.size
  return (
    <p class="verdict">
      <b>{trace.status === 'open' ? 'Running, or its root has not arrived.' : 'Succeeded'}</b>
      <span class="soft">
        {trace.agents.length > 0 && ` with ${plural(trace.agents.length, 'agent')}`}
        {handoffs.length > 0 && `, ${plural(handoffs.length, 'handover')}`}
        {saved > 0 && (
          <>
            {', after '}
            <button type="button" class="noun" onClick={() => visit(state, [...run.recovered][0]!)}>
              {plural(saved, 'error')} that it survived
            </button>
          </>
        )}
      </span>
    </p>
  )
}
