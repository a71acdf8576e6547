/** One run in a list: what was asked, how it ended, what it took. */
import type { TraceSummary } from '../../../src/api/contract.ts'
import { chooseForComparison, compareFrom } from '../../app/comparison.ts'
import { prefetch } from '../../app/resource.ts'
import { href } from '../../app/router.ts'
import { exact, plural } from '../../format/quantity.ts'
import { duration } from '../../format/time.ts'
import { Age } from '../../parts/age.tsx'
import { Cost, Tokens } from '../../parts/figures.tsx'
import { hueOf, StatusMark, targetOf } from '../../parts/span-type.tsx'

/** The question; of a run whose root has not arrived yet, who is at it. */
export const titleOf = (run: TraceSummary): string =>
  run.rootName === null && run.agents.length > 0 ? `Running: ${run.agents.join(', ')}` : run.title

/** The failure as one line: where, then what. */
export function ErrorLine({ run }: { run: TraceSummary }) {
  if (!run.error) return null
  const { name, type, message } = run.error
  return (
    <span
      class={`why clip ${run.status === 'error' ? 'error-text' : 'soft'}`}
      title={`${name}: ${message ?? type ?? 'failed'}`}
    >
      <b>{targetOf(name)}</b> {message ?? type ?? 'failed'}
    </span>
  )
}

/** Agents as initials in their colours. */
function Agents({ names }: { names: readonly string[] }) {
  // Five fit the column; a sixth gives its place to the number of the rest.
  const shown = names.length > 5 ? 4 : 5
  return (
    <span class="initials" title={names.join(', ')}>
      {names.slice(0, shown).map((name) => (
        <span class={`initial ${hueOf(name)}`}>{name.slice(0, 1).toUpperCase()}</span>
      ))}
      {names.length > shown && <span class="faint">+{names.length - shown}</span>}
      <span class="hidden">{names.join(', ')}</span>
    </span>
  )
}

function ToConversation({ run }: { run: TraceSummary }) {
  return (
    <a
      class="button to-conversation"
      href={href(`/runs/${run.traceId}`, { view: 'conversation' })}
      title="Conversation (shift-click two rows to compare them)"
      aria-label={`Conversation of ${titleOf(run)}`}
    >
      <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.4" aria-hidden="true">
        <path d="M2.5 3.5h11v7h-6l-3 2.5v-2.5h-2z" />
      </svg>
    </a>
  )
}

interface RunRowProps {
  readonly run: TraceSummary
  /** Duration that fills the bar, milliseconds; longer ones fill it too. */
  readonly longest: number
  readonly selected?: boolean
  /** Position in the list and its length, for assistive technology. */
  readonly position?: readonly [number, number]
}

/** A link to the run's page, laid out by the grid of `.run-row`. */
export function RunRow({ run, longest, selected = false, position }: RunRowProps) {
  return (
    <div
      role="listitem"
      class="run-item"
      {...(position && { 'aria-posinset': position[0] + 1, 'aria-setsize': position[1] })}
    >
      <a
        class={`run-row ${selected || compareFrom.value === run.traceId ? 'selected' : ''}`}
        href={href(`/runs/${run.traceId}`)}
        onPointerEnter={() => prefetch(`/api/traces/${run.traceId}`)}
        onClick={(event) => {
          if (!event.shiftKey) return
          event.preventDefault()
          chooseForComparison(run.traceId)
        }}
      >
        <StatusMark status={run.status} recovered={run.recovered} />
        <span class="what">
          <span class={`title clip ${run.rootName === null ? 'soft' : ''}`} title={titleOf(run)}>
            {titleOf(run)}
          </span>
          <ErrorLine run={run} />
        </span>
        <span class="agents">
          <Agents names={run.agents} />
        </span>
        <span class="spans right num" title={`${plural(run.spans, 'span')}, ${plural(run.errors, 'error')}`}>
          {exact(run.spans)}
        </span>
        <span class="tokens right">
          <Tokens input={run.inputTokens} output={run.outputTokens} />
        </span>
        <span class="cost right">
          <Cost amount={run.cost} unpriced={run.unpriced} />
        </span>
        <span class="took right num" title={`${exact(run.duration)} ms`}>
          <meter class="took-bar" min={0} max={longest} value={Math.min(run.duration, longest)} aria-hidden="true" />
          <span>{run.status === 'open' ? `${duration(run.duration)} …` : duration(run.duration)}</span>
        </span>
        <span class="when right soft">
          <Age time={run.startTime} />
        </span>
      </a>
      <ToConversation run={run} />
    </div>
  )
}
