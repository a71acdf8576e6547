/** What was said in a run, in order: each turn once, its repeated history folded. */
import { useState } from 'preact/hooks'
import type { Conversation as ConversationAnswer } from '../../../src/api/contract.ts'
import { useResource } from '../../app/resource.ts'
import { plural } from '../../format/quantity.ts'
import { duration, offset } from '../../format/time.ts'
import { MessageBlock } from '../../parts/messages.tsx'
import { AgentName, TypeBadge } from '../../parts/span-type.tsx'
import { visit, type RunState } from './state.ts'

const STEP = 60

type Turn = ConversationAnswer['turns'][number]

function TurnBlock({ turn, state }: { turn: Turn; state: RunState }) {
  const row = state.run.skeleton.spans.id.indexOf(turn.spanId)
  return (
    <li class={`turn ${row === state.selected.value ? 'selected' : ''}`}>
      <header>
        <TypeBadge type={turn.type} />
        {turn.agent && <AgentName name={turn.agent} />}
        <button type="button" class="noun" onClick={() => visit(state, row)}>
          {turn.tool ?? turn.model ?? turn.type}
        </button>
        <span class="faint num">
          {offset(turn.startTime - state.run.skeleton.trace.startTime)} · {duration(turn.duration)}
        </span>
        {turn.error && <span class="chip bad clip">{turn.error}</span>}
      </header>
      {turn.repeated > 0 && <p class="faint repeated">{plural(turn.repeated, 'earlier message')} sent again</p>}
      {turn.messages.map((message) => (
        <MessageBlock message={message} />
      ))}
    </li>
  )
}

/** Fetched when it is opened. */
export function Conversation({ state }: { state: RunState }) {
  const { data, error } = useResource<ConversationAnswer>(
    `/api/traces/${state.run.skeleton.trace.traceId}/conversation`,
    state.run.size,
  )
  const [shown, setShown] = useState(STEP)
  if (error) return <p class="notice bad">{error}</p>
  if (!data) return <p class="note">Reading…</p>
  // A step without words, such as an empty message, says nothing here; the timeline has it.
  const turns = data.turns.filter((turn) => turn.messages.length > 0 || turn.error !== null)
  return (
    <div class="conversation" tabIndex={0} role="region" aria-label="Conversation">
      {data.contentMissing && (
        <p class="notice">
          Some calls were recorded without their content.{' '}
          <code>OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=span_only</code> in the application turns it on.
        </p>
      )}
      {turns.length === 0 && !data.contentMissing && <p class="note">There are no messages in this run.</p>}
      <ol>
        {turns.slice(0, shown).map((turn) => (
          <TurnBlock key={turn.spanId} turn={turn} state={state} />
        ))}
      </ol>
      {shown < turns.length && (
        <button type="button" class="button" onClick={() => setShown(shown + STEP)}>
          {plural(turns.length - shown, 'more turn')}
        </button>
      )}
    </div>
  )
}
