/** `/audit`: what was done, and is the record unaltered? */
import { useState } from 'preact/hooks'
import type {
  AttributeMap,
  AttributeValue,
  AuditEntry,
  AuditList,
  AuditTotals,
  AuditVerification,
} from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { rangeName, window } from '../../app/range.ts'
import { api, fetchJson, useResource } from '../../app/resource.ts'
import { href, query, setQuery } from '../../app/router.ts'
import { count, exact, plural } from '../../format/quantity.ts'
import { moment } from '../../format/time.ts'
import { Age } from '../../parts/age.tsx'
import { Attributes } from '../../parts/attributes.tsx'
import { LongText, printed } from '../../parts/long-text.tsx'
import { Panel } from '../../parts/panel.tsx'
import { SavedFilters } from '../../parts/saved-filters.tsx'
import { SectionTabs } from '../../parts/section-tabs.tsx'
import { AgentName } from '../../parts/span-type.tsx'
import { severityName } from '../run/log-lines.tsx'

const PAGE = 100
const FILTERS = ['event', 'agent', 'user', 'session', 'traceId'] as const

/** Reads the whole chain, when it is asked to. */
function Verify() {
  const [state, setState] = useState<AuditVerification | string | null>(null)
  const verify = (): void => {
    setState('Reading the whole chain…')
    void fetchJson<AuditVerification>('/api/audit/verify').then(setState, (error: Error) => setState(error.message))
  }
  const verification = typeof state === 'object' ? state?.verification : null
  return (
    <section class={`now-verdict ${verification ? (verification.ok ? 'good' : 'bad') : ''}`} aria-live="polite">
      {!verification && (
        <span>{typeof state === 'string' ? state : 'Each record holds the hash of the one before.'}</span>
      )}
      {verification?.ok && (
        <span>
          <b>Unaltered</b>: {plural(verification.rows, 'record')} read, up to number {exact(verification.head.sequence)}
          , <code title="Keep it elsewhere: with it a cut end shows too">{verification.head.hash.slice(0, 16)}…</code>
          {verification.erased > 0 && `; ${plural(verification.erased, 'record')} erased on request`}.
        </span>
      )}
      {verification && !verification.ok && (
        <div>
          <b class="error-text">The record was altered: {plural(verification.findings.length, 'finding')}.</b>
          <ul>
            {verification.findings.slice(0, 20).map((finding) => (
              <li>
                {finding.message}{' '}
                <span class="soft num">
                  ({finding.kind},{' '}
                  {finding.first === finding.last ? finding.first : `${finding.first} to ${finding.last}`})
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}{' '}
      <button type="button" class="button" onClick={verify}>
        Verify the chain
      </button>
    </section>
  )
}

/** What an entry says, in one line. */
function textOf({ attributes, body, erased }: AuditEntry): string {
  if (erased) return 'erased on request'
  if (body !== undefined && body !== null && body !== '') return printed(body as AttributeValue)
  return Object.entries(attributes)
    .map(
      ([name, value]) =>
        `${name.replace(/^(agentel|gen_ai)\./, '')}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    .join('  ')
    .slice(0, 400)
}

function Entry({ entry }: { entry: AuditEntry }) {
  const [open, setOpen] = useState(false)
  const { sequence, time, severity, event, agent, user, trace, span, attributes, body, erased } = entry
  return (
    <li class={`severity-${severityName(severity)}`}>
      <details class="log" onToggle={(change) => setOpen(change.currentTarget.open)}>
        <summary>
          <span class="num faint sequence" title={moment(time)}>
            {exact(sequence)}
          </span>
          <span class="num faint when" title={moment(time)}>
            <Age time={time} />
          </span>
          <span class="who clip">{agent ? <AgentName name={agent} /> : (user ?? '')}</span>
          <span class="clip grow">
            <b>{event} </b>
            <span class={erased ? 'faint' : 'soft'}>{textOf(entry)}</span>
          </span>
        </summary>
        {open && (
          <div class="log-body">
            {body !== undefined && body !== null && body !== '' && <LongText text={printed(body as AttributeValue)} />}
            <Attributes map={attributes as AttributeMap} />
          </div>
        )}
      </details>
      {trace && (
        <a class="mono" href={href(`/runs/${trace}`, { span })}>
          {trace.slice(0, 8)}
        </a>
      )}
    </li>
  )
}

function Filters({ totals }: { totals: AuditTotals | null }) {
  const choice = (name: (typeof FILTERS)[number], label: string, values: Readonly<Record<string, number>>) => (
    <select
      class="field"
      aria-label={label}
      value={query.value.get(name) ?? ''}
      onChange={(event) => setQuery({ [name]: event.currentTarget.value, cursor: null }, { replace: true })}
    >
      <option value="">{label}</option>
      {Object.entries(values)
        .filter(([value]) => value !== '')
        .map(([value, n]) => (
          <option value={value}>
            {value} ({count(n)})
          </option>
        ))}
    </select>
  )
  return (
    <span class="side">
      {choice('event', 'every event', totals?.byEvent ?? {})}
      {choice('agent', 'every agent', totals?.byAgent ?? {})}
      <input
        class="field"
        type="search"
        aria-label="User"
        placeholder="User"
        value={query.value.get('user') ?? ''}
        onChange={(event) => setQuery({ user: event.currentTarget.value, cursor: null }, { replace: true })}
      />
    </span>
  )
}

/** Where there is no log yet. */
function NoLog() {
  return (
    <p class="note panel padded">
      There is no audit log yet. <code>auditLogProcessor(&#123; file &#125;)</code> of <code>@agentel/audit</code>{' '}
      writes one beside the telemetry: every task, decision, tool call, message and access, each chained to the one
      before by its hash. Start the console with <code>--audit FILE</code> to read it here.
    </p>
  )
}

/** By the last row of a page, for rows are added while somebody reads. */
function Pages({ first, next }: { first: boolean; next: string | null }) {
  return (
    <p class="page-buttons">
      {!first && (
        <button type="button" class="button" onClick={() => setQuery({ cursor: null })}>
          Newest
        </button>
      )}
      {next !== null && (
        <button type="button" class="button" onClick={() => setQuery({ cursor: next })}>
          Older
        </button>
      )}
    </p>
  )
}

/** Newest first; what is filtered is in the address. */
export function AuditPage() {
  const cursor = query.value.get('cursor')
  const filter = Object.fromEntries(FILTERS.map((name) => [name, query.value.get(name)]))
  const { data, error } = useResource<AuditList>(
    api('audit', { ...window.value, ...filter, limit: PAGE, cursor }),
    version.value,
  )
  const totals = useResource<AuditTotals>(api('audit/summary', window.value), version.value).data
  if (error && !data) return <p class="notice bad page">{error}</p>
  if (!data) return <p class="note">Reading…</p>
  return (
    <div class="page audit-page">
      <div class="page-head">
        <h1>Audit</h1>
        <SectionTabs />
        <span class="sub">{totals && data.file && `${plural(totals.total, 'record')} in ${rangeName.value}`}</span>
        {data.file && <SavedFilters path="/audit" names={FILTERS} />}
        {data.file && <Filters totals={totals} />}
      </div>
      {data.file === null ? (
        <NoLog />
      ) : (
        <>
          <Verify />
          <Panel title={<code>{data.file}</code>}>
            <div class="padded-log">
              {data.entries.length === 0 && <p class="note">No record matches.</p>}
              <ol class="log-lines">
                {data.entries.map((entry) => (
                  <Entry key={entry.sequence} entry={entry} />
                ))}
              </ol>
              <Pages first={cursor === null} next={data.nextCursor} />
            </div>
          </Panel>
        </>
      )}
    </div>
  )
}
