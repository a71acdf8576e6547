/** The first sentence of the overview: is anything wrong now? */
import type { Overview, TraceSummary } from '../../../src/api/contract.ts'
import { rangeName } from '../../app/range.ts'
import { href } from '../../app/router.ts'
import { percent, plural } from '../../format/quantity.ts'
import { duration } from '../../format/time.ts'

interface Cause {
  readonly name: string
  readonly type: string
  readonly runs: readonly TraceSummary[]
}

/** Failed runs by where and how they failed, the most frequent first. */
export function causesOf(failed: readonly TraceSummary[]): readonly Cause[] {
  const causes = new Map<string, TraceSummary[]>()
  for (const run of failed) {
    const key = JSON.stringify([run.error?.name ?? 'the run itself', run.error?.type ?? 'failed'])
    causes.set(key, [...(causes.get(key) ?? []), run])
  }
  return [...causes]
    .map(([key, runs]) => ({ name: JSON.parse(key)[0], type: JSON.parse(key)[1], runs }))
    .toSorted((a, b) => b.runs.length - a.runs.length)
}

function Causes({ failed }: { failed: readonly TraceSummary[] }) {
  const causes = causesOf(failed).slice(0, 3)
  return (
    <>
      {causes.map(({ name, type, runs }, i) => [
        i > 0 ? ', ' : '',
        <a
          href={
            runs.length === 1
              ? href(`/runs/${runs[0]!.traceId}`)
              : href('/runs', { status: 'error', error: type === 'failed' ? null : type })
          }
        >
          {name} {type}
        </a>,
        runs.length > 1 ? ` (${runs.length})` : '',
      ])}
    </>
  )
}

/** Sentences, each noun a link to its evidence. */
export function NowVerdict({ overview }: { overview: Overview }) {
  const { totals, failed, agents } = overview
  const slow = agents.filter((agent) => agent.p95 !== null && agent.count >= 3).toSorted((a, b) => b.p95! - a.p95!)[0]
  const bad = totals.failedTraces > 0
  return (
    <p class={`now-verdict ${bad ? 'bad' : 'good'}`}>
      {bad ? (
        <>
          <b>
            <a href={href('/runs', { status: 'error' })}>
              {totals.failedTraces} of {plural(totals.traces, 'run')} failed
            </a>
          </b>{' '}
          in {rangeName.value} ({percent(totals.failedTraces / Math.max(1, totals.traces))}): <Causes failed={failed} />
          .
        </>
      ) : (
        <>
          <b>All well.</b> {plural(totals.traces, 'run')} in {rangeName.value}, none failed.
        </>
      )}
      <span class="soft">
        {totals.toolErrors > 0 && ` ${plural(totals.toolErrors, 'tool call')} of ${totals.toolCalls} failed.`}
        {slow && (
          <>
            {' '}
            Slowest agent: <a href={href(`/agents/${encodeURIComponent(slow.name)}`)}>{slow.name}</a>, p95{' '}
            {duration(slow.p95)}.
          </>
        )}
        {totals.unpriced > 0 && (
          <>
            {' '}
            <a href={href('/cost')}>{plural(totals.unpriced, 'model call')}</a> without a known price.
          </>
        )}
      </span>
    </p>
  )
}
