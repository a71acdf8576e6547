/** The tree as a table: each branch with its agent, model, tokens, cost and time. */
import { AgentName, TypeBadge } from '../../parts/span-type.tsx'
import { VirtualRows } from '../../parts/virtual-rows.tsx'
import { count, exact, money, plural, UNKNOWN } from '../../format/quantity.ts'
import { duration, offset } from '../../format/time.ts'
import type { Line } from './model.ts'
import { select, toggle, type RunState } from './state.ts'

function Step({ state, line }: { state: RunState; line: Line }) {
  const { run } = state
  const index = line.kind === 'span' ? line.row : line.rows[0]!
  const row = run.row(index)
  const { tokens, cost, unpriced } = run.sums
  const chosen = line.kind === 'span' && state.selected.value === line.row
  const act = () => (line.kind === 'span' ? select(state, line.row) : toggle(state, line))
  return (
    <div
      class={`step type-${row.type} ${chosen ? 'selected' : ''} ${index === run.skeleton.failure.origin ? 'origin' : ''}`}
      role="treeitem"
      aria-level={line.depth + 1}
      aria-selected={chosen}
      onClick={act}
      onDblClick={() => toggle(state, line)}
    >
      <span class="tree">
        <span class="indent" style={{ width: `${Math.min(line.depth, 14) * 14}px` }} />
        <TypeBadge type={row.type} />
        <span class="clip name">{row.name}</span>
        {line.kind === 'fold' && <b class="num">× {exact(line.rows.length)}</b>}
        {row.failed && (
          <span class={`mark ${row.recovered ? 'saved' : ''}`}>
            {row.recovered ? 'retried' : (row.errorType ?? 'error')}
          </span>
        )}
      </span>
      <span class="clip step-agent">{row.agent && <AgentName name={row.agent} />}</span>
      <span class="clip step-model soft">{row.model ?? ''}</span>
      <span class="num right">{line.kind === 'span' ? count(tokens[index]) : ''}</span>
      <span class="num right">
        {line.kind === 'span' ? (cost[index] === null && unpriced[index]! > 0 ? 'unpriced' : money(cost[index])) : ''}
      </span>
      <span class="num right">{line.kind === 'span' ? duration(row.duration) : UNKNOWN}</span>
      <span class="num right faint">{offset(row.start)}</span>
    </div>
  )
}

/** Shares selection and folds with the waterfall. */
export function Steps({ state }: { state: RunState }) {
  const lines = state.lines.value
  return (
    <div class="steps">
      <div class="head-gutter">
        <div class="step step-head" aria-hidden="true">
          <span>Step</span>
          <span class="step-agent">Agent</span>
          <span class="step-model">Model</span>
          <span class="right">Tokens</span>
          <span class="right">Cost</span>
          <span class="right">Took</span>
          <span class="right">Began</span>
        </div>
      </div>
      <VirtualRows
        label={`Steps, ${plural(state.run.size, 'span')}`}
        role="tree"
        count={lines.length}
        rowHeight={26}
        reveal={state.reveal.value}
        row={(index) => <Step key={index} state={state} line={lines[index]!} />}
      />
    </div>
  )
}
