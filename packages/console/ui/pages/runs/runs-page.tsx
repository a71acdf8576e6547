/** `/runs`: which run do I want? */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Facets as FacetCounts, TraceSort } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { rangeName, service, window } from '../../app/range.ts'
import { api, useResource } from '../../app/resource.ts'
import { go, href, query, setQuery } from '../../app/router.ts'
import { useShortcuts } from '../../app/shortcuts.ts'
import { plural } from '../../format/quantity.ts'
import { duration } from '../../format/time.ts'
import { FirstSpan } from '../../parts/first-span.tsx'
import { useNarrow } from '../../parts/narrow.ts'
import { VirtualRows } from '../../parts/virtual-rows.tsx'
import { rememberList } from './neighbours.ts'
import { Chips } from './chips.tsx'
import { Facets } from './facets.tsx'
import { filterOf } from '../../app/run-filter.ts'
import { RunRow } from './run-row.tsx'
import { useRunList, type RunList } from './run-list.ts'

const COLUMNS: readonly { name: string; class: string; sort?: TraceSort }[] = [
  { name: '', class: 'mark' },
  { name: 'Run, and what failed', class: 'what', sort: 'errors' },
  { name: 'Agents', class: 'agents' },
  { name: 'Spans', class: 'spans right', sort: 'spans' },
  { name: 'Tokens', class: 'tokens right', sort: 'tokens' },
  { name: 'Cost', class: 'cost right', sort: 'cost' },
  { name: 'Duration', class: 'took right', sort: 'duration' },
  { name: 'Started', class: 'when right', sort: 'time' },
]

function Head() {
  const sort = query.value.get('sort') ?? 'time'
  const order = query.value.get('order') ?? 'desc'
  const by = (next: TraceSort) =>
    setQuery({ sort: next === 'time' ? null : next, order: sort === next && order === 'desc' ? 'asc' : null })
  return (
    <div class="head-gutter">
      <div class="run-row run-head">
        {COLUMNS.map((column) =>
          column.sort ? (
            <button
              type="button"
              class={column.class}
              onClick={() => by(column.sort!)}
              aria-label={`Sort by ${column.name}`}
            >
              {column.name}
              {sort === column.sort && <span aria-hidden="true">{order === 'desc' ? ' ↓' : ' ↑'}</span>}
            </button>
          ) : (
            <span class={column.class}>{column.name}</span>
          ),
        )}
      </div>
    </div>
  )
}

/** The bars are scaled by the 90th percentile: one very long run must not make all others look alike. */
function usualLongest(runs: RunList['runs']): number {
  const sorted = runs.map((run) => run.duration).toSorted((a, b) => a - b)
  return Math.max(1, sorted[Math.floor(sorted.length * 0.9)] ?? 1)
}

function Rows({ list }: { list: RunList }) {
  const [selected, setSelected] = useState(-1)
  const narrow = useNarrow()
  const move = (by: number) => setSelected((before) => Math.max(0, Math.min(list.runs.length - 1, before + by)))
  useShortcuts([
    { key: 'j', does: 'next run', run: () => move(1) },
    { key: 'k', does: 'run before', run: () => move(-1) },
    {
      key: 'Enter',
      does: 'open the run',
      run: () => list.runs[selected] && go(href(`/runs/${list.runs[selected].traceId}`)),
    },
  ])
  const longest = usualLongest(list.runs)
  const reveal = useRef({ index: -1 })
  if (reveal.current.index !== selected) reveal.current = { index: selected }
  return (
    <div class="run-rows" onPointerEnter={() => list.hold(true)} onPointerLeave={() => list.hold(false)}>
      <VirtualRows
        label="Runs"
        count={list.runs.length}
        rowHeight={narrow ? 52 : 32}
        reveal={reveal.current}
        onEnd={list.more}
        row={(index) => (
          <RunRow
            key={list.runs[index]!.traceId}
            run={list.runs[index]!}
            longest={longest}
            selected={index === selected}
            position={[index, list.runs.length]}
          />
        )}
      />
    </div>
  )
}

/** The list with its facets; every filter is in the URL. */
export function RunsPage() {
  const filter = { ...window.value, ...filterOf(query.value) }
  const list = useRunList({ ...filter, sort: query.value.get('sort'), order: query.value.get('order') })
  const facets = useResource<FacetCounts>(api('facets', filter), version.value)
  const [open, setOpen] = useState(false)
  const total = list.answer?.total ?? 0
  const filtered = Object.keys(filterOf(query.value)).length > 0
  useEffect(() => rememberList(list.runs), [list.runs])
  if (list.answer && total === 0 && !filtered && !service.value) return <FirstSpan what="runs" />
  return (
    <div class="page runs-page">
      <div class="page-head">
        <h1>Runs</h1>
        <span class="sub num">
          {list.answer && `${list.answer.totalExact ? '' : 'at least '}${plural(total, 'run')} in ${rangeName.value}`}
        </span>
        <button type="button" class="button facets-switch" aria-expanded={open} onClick={() => setOpen(!open)}>
          Filter
        </button>
        <Chips />
        {list.held > 0 && (
          <button type="button" class="chip on" onClick={list.showHeld}>
            {plural(list.held, 'new run')} ↑
          </button>
        )}
        <span class="side faint num">{list.answer && duration(list.answer.tookMs)}</span>
      </div>
      {list.error && (
        <p class="notice bad" role="alert">
          {list.error}
        </p>
      )}
      <div class={`runs-body ${open ? 'open' : ''}`}>
        <Facets counts={facets.data} />
        <section class="panel runs-list" aria-label="Runs">
          <Head />
          {list.answer && total === 0 ? (
            <p class="note">No run matches. Take a filter out, or look further back.</p>
          ) : (
            <Rows list={list} />
          )}
        </section>
      </div>
    </div>
  )
}
