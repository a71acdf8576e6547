/** `/alerts`: what should I act on? Open alerts with what can be done about each, silences, rules, history. */
import type { Alert, AlertHistory, AlertList, AlertRuleList } from '../../../src/api/contract.ts'
import { api, useResource } from '../../app/resource.ts'
import { useTick } from '../../app/tick.ts'
import { setWho, who } from '../../app/who.ts'
import { plural } from '../../format/quantity.ts'
import { roundDuration } from '../../format/time.ts'
import { Age } from '../../parts/age.tsx'
import { Panel } from '../../parts/panel.tsx'
import { SectionTabs } from '../../parts/section-tabs.tsx'
import { AlertRow } from './alert-row.tsx'
import { Changes, Rules, Silences } from './alert-tables.tsx'

const LOOK_EVERY_MS = 3_000
const HISTORY = 100

/** Open ones that nobody has taken first, then by how bad they are. */
function sorted(alerts: readonly Alert[]): readonly Alert[] {
  const states = ['active', 'acknowledged', 'suppressed', 'resolved']
  const severities = ['critical', 'error', 'warning', 'info']
  const rank = (alert: Alert) => states.indexOf(alert.state) * 10 + severities.indexOf(alert.severity)
  return alerts.toSorted((a, b) => rank(a) - rank(b) || b.startedAt - a.startedAt)
}

function headline({ alerts }: AlertList): string {
  const active = alerts.filter(({ state }) => state === 'active').length
  const taken = alerts.filter(({ state }) => state === 'acknowledged').length
  if (alerts.length === 0) return 'No alert is open.'
  const rest = taken > 0 ? `, ${plural(taken, 'is', 'are')} being looked after` : ''
  return active > 0 ? `${plural(active, 'alert')} nobody has looked at${rest}.` : `Nothing new${rest}.`
}

function Evaluator({ list }: { list: AlertList }) {
  const { evaluator, summary } = list
  const faults = Object.entries(summary.faults)
  if (!evaluator)
    return (
      <p class="notice warn">
        This console evaluates no rules now; below is what was open when one last did. Start it with{' '}
        <code>agentel console</code>.
      </p>
    )
  return (
    <>
      <p class="soft">
        Rules are evaluated every {roundDuration(evaluator.interval)}
        {evaluator.lastEvaluation !== null && (
          <>
            , last <Age time={evaluator.lastEvaluation} />
          </>
        )}
        .{' '}
        {evaluator.channels.length > 0
          ? `Told to: ${evaluator.channels.join(', ')}.`
          : 'Nobody is told: set SLACK_WEBHOOK_URL, PAGERDUTY_INTEGRATION_KEY, ALERT_WEBHOOK_URL or SMTP_SERVER.'}{' '}
        {evaluator.rulesFile ? (
          <>
            Own rules: <code>{evaluator.rulesFile}</code>.
          </>
        ) : (
          <>
            Own rules: <code>agentel console --rules FILE</code>.
          </>
        )}
      </p>
      {faults.map(([rule, reason]) => (
        <p class="notice warn">
          <b>{rule}</b> could not be evaluated: {reason}
        </p>
      ))}
      {summary.dropped > 0 && (
        <p class="notice warn">
          The rules have more groups than are watched: {plural(summary.dropped, 'group')} passed over so far. Group by
          attributes with fewer values.
        </p>
      )}
    </>
  )
}

function Who() {
  return (
    <label class="side">
      You are
      <input
        class="field"
        value={who.value}
        placeholder="name or address"
        aria-label="Your name, noted with what you do"
        onChange={(event) => setWho(event.currentTarget.value.trim())}
      />
    </label>
  )
}

/** Refreshes by itself; deeds are shown at once. */
export function AlertsPage() {
  const [tick, again] = useTick(LOOK_EVERY_MS)
  const { data, error } = useResource<AlertList>('/api/alerts', tick)
  const rules = useResource<AlertRuleList>('/api/alerts/rules').data?.rules ?? []
  const history = useResource<AlertHistory>(api('alerts/history', { limit: HISTORY }), tick).data?.changes ?? []
  if (error && !data) return <p class="notice bad page">{error}</p>
  if (!data) return <p class="note">Reading…</p>
  const alerts = sorted(data.alerts)
  const bad = alerts.some(({ state }) => state === 'active')
  return (
    <div class="page alerts-page">
      <div class="page-head">
        <h1>Alerts</h1>
        <SectionTabs />
        <Who />
      </div>
      <p class={`now-verdict ${bad ? 'bad' : 'good'}`}>
        <b>{headline(data)}</b>
      </p>
      <Evaluator list={data} />
      {alerts.length > 0 && (
        <Panel title="Open">
          <ol class="alerts">
            {alerts.map((alert) => (
              <AlertRow key={alert.id} alert={alert} done={again} />
            ))}
          </ol>
        </Panel>
      )}
      {data.deadLetters.length > 0 && (
        <p class="notice bad">
          {plural(data.deadLetters.length, 'notification')} reached nobody. The newest, to{' '}
          {data.deadLetters[0]!.channel}: {data.deadLetters[0]!.error}
        </p>
      )}
      {data.silences.length > 0 && <Silences silences={data.silences} done={again} />}
      <Changes changes={history} />
      <Rules rules={rules} />
    </div>
  )
}
