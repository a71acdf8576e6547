/** `/settings`: what is kept, what was dropped, how big is it? */
import type { ComponentChildren } from 'preact'
import type { ConsoleStatus, LossList } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { api, useResource } from '../../app/resource.ts'
import { theme, type Theme } from '../../app/theme.ts'
import { bytes, count, exact, percent, plural, significant, UNKNOWN } from '../../format/quantity.ts'
import { duration, moment, roundDuration } from '../../format/time.ts'
import { Age } from '../../parts/age.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Panel } from '../../parts/panel.tsx'
import { EraseUser } from './erase-user.tsx'

function FactsPanel({ title, facts }: { title: string; facts: Facts }) {
  return (
    <Panel title={title}>
      <dl class="facts">{facts.map(([name, value]) => [<dt>{name}</dt>, <dd class="num">{value}</dd>])}</dl>
    </Panel>
  )
}

function Address({ url }: { url: string }) {
  return (
    <span class="address">
      <code>{url}</code> <CopyButton class="quiet" label="Copy" text={url} />
    </span>
  )
}

const REASONS: Record<string, string> = {
  too_large: 'body over the size limit',
  bad_body: 'body that is not OTLP',
  busy: 'refused while writing could not keep up; senders try again',
  store_fault: 'the store could not be written',
  invalid_span: 'span without a valid id',
}

const refusals = (received: ConsoleStatus['received']) => Object.entries(received.rejected).filter(([, n]) => n > 0)

function sentence(status: ConsoleStatus): string {
  const refused = refusals(status.received).reduce((sum, [, n]) => sum + n, 0)
  if (status.store.fault) return `Nothing is being stored: ${status.store.fault}`
  if (refused > 0)
    return `${plural(refused, 'request or record', 'requests or records')} could not be stored; the reasons are below.`
  return 'Everything that arrived is stored.'
}

type Facts = readonly (readonly [string, ComponentChildren])[]

const sending = ({ endpoints, liveClients, version: number, startTime, now }: ConsoleStatus): Facts => [
  ['OTLP over HTTP', <Address url={endpoints.http} />],
  ['OTLP over gRPC', endpoints.grpc ? <Address url={endpoints.grpc} /> : 'off'],
  ['Open pages', exact(liveClients)],
  ['Version', number],
  ['Running for', <span title={moment(startTime)}>{duration(now - startTime)}</span>],
]

const receiving = ({ received }: ConsoleStatus): Facts => [
  ['Now', `${significant(received.spansPerSecond)} spans a second`],
  ['Spans', exact(received.spans)],
  ['Log records', exact(received.logs)],
  ['Metric points', exact(received.metricPoints)],
  ['Requests', `${exact(received.requests)}, ${bytes(received.bytes)}`],
  ['Resent, stored once', exact(received.duplicates)],
  ...refusals(received).map(
    ([reason, n]) => [REASONS[reason] ?? reason, <span class="warn-text">{exact(n)}</span>] as const,
  ),
]

const storing = ({ store }: ConsoleStatus): Facts => [
  ['File', <code class="file">{store.file}</code>],
  [
    'Size',
    `${bytes(store.bytes)}${store.stored.spans > 0 ? `, ${Math.round(store.bytes / store.stored.spans)} B a span` : ''}`,
  ],
  ['Runs', exact(store.traces)],
  ['Spans', exact(store.stored.spans)],
  ['Log records', exact(store.stored.logs)],
  ['Metric points', exact(store.stored.metricPoints)],
  ['Oldest', <Age time={store.oldest} />],
  ['Newest', <Age time={store.newest} />],
  ['Schema', exact(store.schemaVersion)],
]

const keeping = ({ retention, pricing }: ConsoleStatus): Facts => [
  ['At most', retention.maxAge === null ? 'any age' : roundDuration(retention.maxAge)],
  [
    'Failed runs',
    retention.maxErrorAge === null
      ? 'as the others'
      : roundDuration(Math.max(retention.maxErrorAge, retention.maxAge ?? 0)),
  ],
  ['Of the others as long', retention.keepShare === 0 ? 'none' : percent(retention.keepShare)],
  ['Points of metrics', retention.maxMetricAge === null ? 'as runs' : roundDuration(retention.maxMetricAge)],
  ['Hourly figures', '400 d'],
  ['Up to', retention.maxBytes === null ? 'any size' : bytes(retention.maxBytes)],
  ['Deleted so far', plural(retention.deletedTraces, 'run')],
  ['Prices', pricing.version ?? UNKNOWN],
]

/** What is done with the file from outside, in commands to copy. */
function FromTheTerminal({ status }: { status: ConsoleStatus }) {
  const commands: readonly (readonly [name: string, line: string])[] = [
    ['Back up while it runs', `npx @agentel/cli backup copy.db --data ${status.store.file}`],
    ['Archive a week', 'npx @agentel/cli export week.jsonl --since 7d'],
    ['Bring an archive back', 'npx @agentel/cli import week.jsonl'],
  ]
  return (
    <Panel title="From the terminal">
      <dl class="commands">
        {commands.map(([name, line]) => [
          <dt>{name}</dt>,
          <dd>
            <code class="file">{line}</code> <CopyButton class="quiet" label="Copy" text={line} />
          </dd>,
        ])}
      </dl>
    </Panel>
  )
}

/** Nothing of this arrived, so nobody could see it anywhere else. */
function SenderLosses() {
  const { data } = useResource<LossList>(api('losses', { from: '-24h' }), version.value)
  if (!data || data.rows.length === 0) return null
  return (
    <FactsPanel
      title="Lost by senders in 24 hours"
      facts={data.rows.map(({ service, what, meaning, advice, count: n }) => [
        `${service ?? UNKNOWN}: ${meaning}${advice === null ? '' : `; ${advice}`}`,
        <span class="warn-text">
          {exact(n)} {what}
        </span>,
      ])}
    />
  )
}

function Body({ status }: { status: ConsoleStatus }) {
  const refused = refusals(status.received).length > 0
  return (
    <>
      <p class={`now-verdict ${status.store.fault ? 'bad' : refused ? '' : 'good'}`}>{sentence(status)}</p>
      <div class="settings-panels">
        <FactsPanel title="Where to send" facts={sending(status)} />
        <FactsPanel title="Received since start" facts={receiving(status)} />
        <SenderLosses />
        <FactsPanel title="Stored" facts={storing(status)} />
        <FactsPanel title="Kept" facts={keeping(status)} />
        <FromTheTerminal status={status} />
        <EraseUser />
      </div>
    </>
  )
}

/** Figures of the console itself, and the choice of theme. */
export function SettingsPage() {
  const { data: status, error } = useResource<ConsoleStatus>('/api/status', version.value)
  return (
    <div class="page settings-page">
      <div class="page-head">
        <h1>Settings</h1>
        <span class="sub">{status && `${count(status.store.stored.spans)} spans in ${bytes(status.store.bytes)}`}</span>
        <label class="side">
          Theme
          <select
            class="field"
            value={theme.value}
            onChange={(event) => (theme.value = event.currentTarget.value as Theme)}
          >
            <option value="system">as the system</option>
            <option value="light">light</option>
            <option value="dark">dark</option>
          </select>
        </label>
      </div>
      {error && <p class="notice bad">{error}</p>}
      {status ? <Body status={status} /> : !error && <p class="note">Reading…</p>}
    </div>
  )
}
