/** The waterfall: one line a span, its place in the tree at the left, its place in time at the right. */
import { useComputed } from '@preact/signals'
import { TypeBadge } from '../../parts/span-type.tsx'
import { useNarrow } from '../../parts/narrow.ts'
import { VirtualRows } from '../../parts/virtual-rows.tsx'
import { count, exact, money, plural } from '../../format/quantity.ts'
import { duration, offset } from '../../format/time.ts'
import { ticks } from '../../format/axis.ts'
import { MiniMap } from './mini-map.tsx'
import type { Line, Row } from './model.ts'
import { select, toggle, type RunState, type Stretch } from './state.ts'

const ROW = 26
const INDENT = 14
const DEEPEST = 14

const place = (value: number, { from, to }: Stretch): number => ((value - from) / (to - from)) * 100

/** Where a bar lies in the stretch; null outside of it. */
function bar(start: number, length: number, stretch: Stretch): { left: string; width: string } | null {
  const left = place(start, stretch)
  const right = place(start + length, stretch)
  if (right < 0 || left > 100) return null
  const from = Math.max(0, left)
  return { left: `${from}%`, width: `${Math.min(100, right) - from}%` }
}

function Indent({ depth }: { depth: number }) {
  return (
    <>
      <span class="indent" style={{ width: `${Math.min(depth, DEEPEST) * INDENT}px` }} />
      {depth > DEEPEST && <span class="depth faint num">{depth}</span>}
    </>
  )
}

function Caret({ state, line, open, has }: { state: RunState; line: Line; open: boolean; has: boolean }) {
  if (!has) return <span class="caret" />
  return (
    <span
      class={`caret has ${open ? 'open' : ''}`}
      aria-hidden="true"
      onClick={(event) => {
        event.stopPropagation()
        toggle(state, line)
      }}
    >
      ▸
    </span>
  )
}

function FoldLine({ state, line, top }: { state: RunState; line: Extract<Line, { kind: 'fold' }>; top: number }) {
  const { run } = state
  const { start, duration: durations, cost } = run.skeleton.spans
  const first = run.row(line.rows[0]!)
  const sorted = line.rows.map((row) => durations[row]!).toSorted((a, b) => a - b)
  const spent = line.rows.reduce((sum, row) => sum + (cost[row] ?? 0), 0)
  const from = start[line.rows[0]!]!
  const to = line.rows.reduce((most, row) => Math.max(most, start[row]! + durations[row]!), 0)
  const box = bar(from, to - from, state.stretch.value)
  const open = state.folding.value.opened.has(line.key)
  const retried = line.rows.filter((row) => run.recovered.has(row)).length
  return (
    <div
      class={`line fold type-${first.type}`}
      role="treeitem"
      aria-level={line.depth + 1}
      aria-expanded={open}
      aria-posinset={top + 1}
      onClick={() => toggle(state, line)}
    >
      <span class="tree">
        <Indent depth={line.depth} />
        <Caret state={state} line={line} open={open} has />
        <TypeBadge type={first.type} />
        <span class="clip">{first.name}</span>
        <b class="num">× {exact(line.rows.length)}</b>
        {retried > 0 && <span class="mark saved num">{exact(retried)} retried</span>}
      </span>
      <span
        class="line-took num"
        title={`p50 ${duration(sorted[sorted.length >> 1])}, p95 ${duration(sorted[Math.floor(sorted.length * 0.95)])}, longest ${duration(sorted.at(-1))}`}
      >
        {duration(sorted[sorted.length >> 1])}
      </span>
      <span class="line-cost num">{spent > 0 ? money(spent) : ''}</span>
      <span class="lane">{box && <span class="bar many" style={box} />}</span>
    </div>
  )
}

function Marks({ row, odd }: { row: Row; odd: string | undefined }) {
  return (
    <>
      {row.failed && (
        <span class={`mark ${row.recovered ? 'saved' : ''}`}>
          {row.recovered ? 'retried' : (row.errorType ?? 'error')}
        </span>
      )}
      {odd && (
        <span class="mark odd" title={odd} role="img" aria-label={odd}>
          ?
        </span>
      )}
    </>
  )
}

function SpanLine({ state, line, top }: { state: RunState; line: Extract<Line, { kind: 'span' }>; top: number }) {
  const { run } = state
  const row = run.row(line.row)
  const stretch = state.stretch.value
  const box = bar(row.start, row.duration, stretch)
  const selected = state.selected.value === line.row
  const folded = state.folding.value.closed.has(line.row)
  const spent = run.sums.cost[line.row]
  const handoff = run.skeleton.handoffs.find((one) => one.row === line.row)
  return (
    <div
      id={`span-${row.id}`}
      class={`line type-${row.type} ${selected ? 'selected' : ''} ${failureClass(run, line.row)} ${run.critical.has(line.row) ? 'critical' : ''}`}
      role="treeitem"
      aria-level={line.depth + 1}
      aria-selected={selected}
      aria-posinset={top + 1}
      {...(row.descendants > 0 && { 'aria-expanded': !folded })}
      onClick={() => select(state, line.row)}
      onDblClick={() => toggle(state, line)}
    >
      <span class="tree">
        <Indent depth={line.depth} />
        <Caret state={state} line={line} open={!folded} has={row.descendants > 0} />
        <TypeBadge type={row.type} />
        <span class="clip name" title={row.name}>
          {row.name}
        </span>
        {handoff && <span class="to clip">→ {handoff.to}</span>}
        {folded && <span class="faint num">{plural(row.descendants, 'span')}</span>}
        {state.awaited.value.has(line.row) && (
          <span class="mark awaited" title="The selected call was asked for after the result of this one">
            seen before
          </span>
        )}
        <Marks row={row} odd={run.odd.get(line.row)} />
      </span>
      <span class="line-took num">{duration(row.duration)}</span>
      <span class="line-cost num" title={tokensSaid(run.sums.tokens[line.row])}>
        {spent !== null && spent !== undefined ? money(spent) : run.sums.unpriced[line.row]! > 0 ? 'unpriced' : ''}
      </span>
      <span class="lane">{box && <Bar box={box} row={row} />}</span>
    </div>
  )
}

const failureClass = (run: RunState['run'], row: number): string => {
  if (run.skeleton.spans.status[row] !== 2) return ''
  if (run.recovered.has(row)) return 'recovered'
  return row === run.skeleton.failure.origin ? 'failed origin' : 'failed'
}

const tokensSaid = (tokens: number | null | undefined): string =>
  tokens ? `${count(tokens)} tokens in this branch` : ''

function Bar({ box, row }: { box: { left: string; width: string }; row: { start: number; duration: number } }) {
  return <span class="bar" style={box} title={`${offset(row.start)}, took ${duration(row.duration)}`} />
}

function Axis({ stretch, most }: { stretch: Stretch; most: number }) {
  return (
    <div class="line axis" aria-hidden="true">
      <span class="tree">Span</span>
      <span class="line-took">took</span>
      <span class="line-cost">cost</span>
      <span class="lane">
        {ticks(stretch.from, stretch.to, most).map((tick) => {
          const at = place(tick, stretch)
          return at > 90 ? null : (
            <span class="tick num" style={{ left: `${at}%` }}>
              {duration(tick)}
            </span>
          )
        })}
      </span>
    </div>
  )
}

function Grid({ stretch, most }: { stretch: Stretch; most: number }) {
  return (
    <div class="line grid-lines" aria-hidden="true">
      <span class="tree" />
      <span class="line-took" />
      <span class="line-cost" />
      <span class="lane">
        {ticks(stretch.from, stretch.to, most).map((tick) => (
          <i style={{ left: `${place(tick, stretch)}%` }} />
        ))}
      </span>
    </div>
  )
}

/** Mini-map, axis and the virtual rows. */
export function Waterfall({ state }: { state: RunState }) {
  const lines = state.lines.value
  const most = useNarrow() ? 2 : 6
  const active = useComputed(() => {
    const row = state.selected.value
    return {
      index: state.lines.value.findIndex((line) => line.kind === 'span' && line.row === row),
      id: `span-${state.run.skeleton.spans.id[row]}`,
    }
  })
  return (
    <div class="waterfall">
      <MiniMap state={state} />
      <div class="head-gutter">
        <Axis stretch={state.stretch.value} most={most} />
      </div>
      <div class="waterfall-rows">
        <div class="head-gutter behind" aria-hidden="true">
          <Grid stretch={state.stretch.value} most={most} />
        </div>
        <VirtualRows
          label={`Spans of the run, ${plural(state.run.size, 'span')}`}
          role="tree"
          count={lines.length}
          rowHeight={ROW}
          reveal={state.reveal.value}
          active={active.value}
          row={(index) => {
            const line = lines[index]!
            return line.kind === 'span' ? (
              <SpanLine key={line.row} state={state} line={line} top={index} />
            ) : (
              <FoldLine key={line.key} state={state} line={line} top={index} />
            )
          }}
        />
      </div>
    </div>
  )
}
