/** `/logs`: what was said, and which run does it belong to? */
import { useEffect, useState } from 'preact/hooks'
import type { LogList, LogRecord } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { rangeName, window } from '../../app/range.ts'
import { api, fetchJson, useResource } from '../../app/resource.ts'
import { href, query, setQuery } from '../../app/router.ts'
import { plural } from '../../format/quantity.ts'
import { Age } from '../../parts/age.tsx'
import { FirstSpan } from '../../parts/first-span.tsx'
import { SavedFilters } from '../../parts/saved-filters.tsx'
import { SectionTabs } from '../../parts/section-tabs.tsx'
import { AgentName } from '../../parts/span-type.tsx'
import { LogLine } from '../run/log-lines.tsx'

const LEVELS: readonly (readonly [string, string])[] = [
  ['', 'all levels'],
  ['9', 'info and up'],
  ['13', 'warn and up'],
  ['17', 'errors'],
]
const PAGE = 100
const FILTERS = ['minSeverity', 'event', 'agent', 'words'] as const

function Filters() {
  const text = (name: string, label: string) => (
    <input
      class="field"
      type="search"
      aria-label={label}
      placeholder={label}
      value={query.value.get(name) ?? ''}
      onChange={(event) => setQuery({ [name]: event.currentTarget.value }, { replace: true })}
    />
  )
  return (
    <span class="side">
      <select
        class="field"
        aria-label="Level"
        value={query.value.get('minSeverity') ?? ''}
        onChange={(event) => setQuery({ minSeverity: event.currentTarget.value }, { replace: true })}
      >
        {LEVELS.map(([value, name]) => (
          <option value={value}>{name}</option>
        ))}
      </select>
      {text('event', 'Event name')}
      {text('agent', 'Agent')}
      {text('words', 'Words')}
    </span>
  )
}

/** Newest first; older ones on demand. */
export function LogsPage() {
  const filter = {
    ...window.value,
    minSeverity: query.value.get('minSeverity'),
    event: query.value.get('event'),
    agent: query.value.get('agent'),
    text: query.value.get('words'),
    limit: PAGE,
  }
  const { data, error } = useResource<LogList>(api('logs', filter), version.value)
  const [older, setOlder] = useState<{ logs: readonly LogRecord[]; next: string | null } | null>(null)
  const address = api('logs', filter)
  useEffect(() => setOlder(null), [address])
  const next = older ? older.next : (data?.nextCursor ?? null)
  const more = async () => {
    const answer = await fetchJson<LogList>(api('logs', { ...filter, cursor: next }))
    setOlder({ logs: [...(older?.logs ?? []), ...answer.logs], next: answer.nextCursor })
  }
  const logs = data
    ? [...data.logs, ...(older?.logs ?? []).filter((log) => !data.logs.some(({ id }) => id === log.id))]
    : []
  const filtered = FILTERS.some((name) => query.value.has(name))
  if (data && logs.length === 0 && !filtered) return <FirstSpan what="log records" />
  return (
    <div class="page">
      <div class="page-head">
        <h1>Logs</h1>
        <SectionTabs />
        <span class="sub">
          {data && `${next ? 'the newest ' : ''}${plural(logs.length, 'record')} in ${rangeName.value}`}
        </span>
        <SavedFilters path="/logs" names={FILTERS} />
        <Filters />
      </div>
      {error && <p class="notice bad">{error}</p>}
      {data && (
        <section class="panel padded-log">
          {logs.length === 0 && <p class="note">No record matches.</p>}
          <ol class="log-lines">
            {logs.map((log) => (
              <LogLine
                key={log.id}
                log={log}
                when={<Age time={log.time} />}
                who={log.agent ? <AgentName name={log.agent} /> : (log.service ?? '')}
                link={
                  log.traceId && (
                    <a class="mono" href={href(`/runs/${log.traceId}`, { span: log.spanId })}>
                      {log.traceId.slice(0, 8)}
                    </a>
                  )
                }
              />
            ))}
          </ol>
          {next && (
            <button type="button" class="button" onClick={more}>
              Older
            </button>
          )}
        </section>
      )}
    </div>
  )
}
