/** One open alert: what it says, since when, and what can be done. */
import { useState } from 'preact/hooks'
import type { Alert, IncidentReport } from '../../../src/api/contract.ts'
import { api, useResource } from '../../app/resource.ts'
import { href } from '../../app/router.ts'
import { who } from '../../app/who.ts'
import { plain } from '../../format/quantity.ts'
import { Age } from '../../parts/age.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { act } from './act.ts'

const SILENCES: readonly (readonly [name: string, milliseconds: number])[] = [
  ['1 hour', 3_600_000],
  ['8 hours', 28_800_000],
  ['1 day', 86_400_000],
  ['1 week', 604_800_000],
]

/** Only addresses that a browser may be sent to. */
const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

function Report({ id }: { id: string }) {
  const { data, error } = useResource<IncidentReport>(api('alerts/incident', { id }))
  if (error) return <p class="error-text">{error}</p>
  if (!data) return <p class="note">Reading…</p>
  return (
    <div class="incident">
      <CopyButton class="quiet" label="Copy as Markdown" text={data.markdown} />
      <pre tabIndex={0}>{data.markdown}</pre>
    </div>
  )
}

function Deeds({ alert, done }: { alert: Alert; done: () => void }) {
  const [refused, setRefused] = useState<string | null>(null)
  const by = who.value || 'somebody at the console'
  const run = (path: string, body: object): void =>
    void act(path, body).then(
      () => {
        setRefused(null)
        done()
      },
      (error: Error) => setRefused(error.message),
    )
  return (
    <span class="deeds">
      {alert.state === 'active' && (
        <button type="button" class="button" onClick={() => run('acknowledge', { id: alert.id, by })}>
          Acknowledge
        </button>
      )}
      <button type="button" class="button" onClick={() => run('resolve', { id: alert.id, by })}>
        Resolve
      </button>
      {alert.state !== 'suppressed' && (
        <select
          class="field"
          aria-label={`Silence ${alert.rule}`}
          value=""
          onChange={(event) => {
            const until = Date.now() + Number(event.currentTarget.value)
            run('silences', { rule: alert.rule, labels: alert.labels, until, by })
          }}
        >
          <option value="" disabled>
            Silence…
          </option>
          {SILENCES.map(([name, milliseconds]) => (
            <option value={milliseconds}>for {name}</option>
          ))}
        </select>
      )}
      {refused && <span class="error-text">{refused}</span>}
    </span>
  )
}

function Figures({ alert }: { alert: Alert }) {
  const { value, threshold, source, labels, startedAt, acknowledged } = alert
  return (
    <p class="soft num">
      {plain(value)}
      {threshold !== undefined && `, bound ${plain(threshold)}`} ·{' '}
      <a href={href('/metrics', { name: source })}>
        <code>{source}</code>
      </a>
      {Object.entries(labels).map(([name, text]) => (
        <span class="label" key={name}>
          {name}={text}
        </span>
      ))}{' '}
      · since <Age time={startedAt} />
      {acknowledged && ` · ${acknowledged.by} looks after it`}
    </p>
  )
}

export function AlertRow({ alert, done }: { alert: Alert; done: () => void }) {
  const [open, setOpen] = useState(false)
  const { severity, state, summary, rule, runbook } = alert
  return (
    <li class={`alert severity-of-${severity} ${state}`}>
      <span class="weight">
        {severity}
        <br />
        <span class="state">{state}</span>
      </span>
      <div class="grow">
        <p>
          <b>{summary ?? rule}</b> {summary && <span class="soft">{rule}</span>}
        </p>
        <Figures alert={alert} />
        {open && <Report id={alert.id} />}
      </div>
      <div class="alert-side">
        <Deeds alert={alert} done={done} />
        <span>
          <button type="button" class="button quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            Incident report
          </button>
          {runbook && isWebAddress(runbook) && (
            <a class="button quiet" href={runbook} target="_blank" rel="noreferrer noopener">
              Runbook
            </a>
          )}
        </span>
      </div>
    </li>
  )
}
