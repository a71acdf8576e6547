/** Erasing a user: what it takes away is said before, and what it took away after. */
import { ATTR_USER_ID } from '@agentel/semconv'
import { useState } from 'preact/hooks'
import type { ActorList, ForgottenUser } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { api, fetchJson, useResource } from '../../app/resource.ts'
import { plural } from '../../format/quantity.ts'
import { Panel } from '../../parts/panel.tsx'

const MOST = 200

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'asked'; readonly user: string; readonly runs: number }
  | { readonly kind: 'working'; readonly user: string }
  | { readonly kind: 'done'; readonly user: string; readonly report: ForgottenUser }
  | { readonly kind: 'failed'; readonly message: string }

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

async function count(user: string): Promise<State> {
  const { total } = await fetchJson<{ total: number }>(api('traces', { user, from: '-3650d', limit: 1 }))
  return { kind: 'asked', user, runs: total }
}

async function erase(user: string): Promise<State> {
  const report = await fetchJson<ForgottenUser>(`/api/users/${encodeURIComponent(user)}`, { method: 'DELETE' })
  version.value++
  return { kind: 'done', user, report }
}

const reportText = ({ traces, logs, metricSeries }: ForgottenUser): string =>
  `${plural(traces, 'run')}, ${plural(logs, 'log record')} and ${plural(metricSeries, 'series of metrics', 'series of metrics')}`

function Answer({ state, run }: { state: State; run: (next: Promise<State>) => void }) {
  if (state.kind === 'idle') return null
  if (state.kind === 'working') return <p role="status">Erasing {state.user}…</p>
  if (state.kind === 'failed')
    return (
      <p class="error-text" role="alert">
        {state.message}
      </p>
    )
  if (state.kind === 'done')
    return (
      <p role="status">
        <b>{state.user} is erased</b> from this store: {reportText(state.report)}. Totals by model and agent stay; they
        name nobody. The audit log and budgets have their own: <code>agentel forget --user {state.user}</code>.
      </p>
    )
  return (
    <p class="erase-question" role="alert">
      <span>
        {plural(state.runs, 'run')} of <b>{state.user}</b> would go, whole, with all logs. This cannot be taken back.
      </span>
      <button type="button" class="button danger" onClick={() => run(erase(state.user))}>
        Erase
      </button>
      <button type="button" class="button" onClick={() => run(Promise.resolve({ kind: 'idle' }))}>
        Keep
      </button>
    </p>
  )
}

/** Everything that the store has of one person. */
export function EraseUser() {
  const [state, setState] = useState<State>({ kind: 'idle' })
  const users = useResource<ActorList>(api('users', { from: '-90d', limit: MOST }), version.value).data?.rows ?? []
  const run = (next: Promise<State>): void =>
    void next.then(setState, (error: unknown) => setState({ kind: 'failed', message: messageOf(error) }))
  const ask = (event: Event) => {
    event.preventDefault()
    const user = new FormData(event.currentTarget as HTMLFormElement).get('user')
    if (typeof user === 'string' && user.trim() !== '') run(count(user.trim()))
  }
  return (
    <Panel title="Erase a user" class="erase">
      <form class="erase-form" onSubmit={ask}>
        <input
          class="field"
          name="user"
          list="known-users"
          aria-label={ATTR_USER_ID}
          placeholder={ATTR_USER_ID}
          autocomplete="off"
        />
        <datalist id="known-users">
          {users.map(({ id }) => (
            <option value={id} />
          ))}
        </datalist>
        <button type="submit" class="button">
          Look up
        </button>
      </form>
      <Answer
        state={state}
        run={(next) => {
          if (state.kind === 'asked') setState({ kind: 'working', user: state.user })
          run(next)
        }}
      />
    </Panel>
  )
}
