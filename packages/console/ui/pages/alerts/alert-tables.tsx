/** Silences, what has changed, and the rules. */
import type { AlertChange, AlertRule, Silence } from '../../../src/api/contract.ts'
import { href } from '../../app/router.ts'
import { who } from '../../app/who.ts'
import { plain, plural } from '../../format/quantity.ts'
import { duration, roundDuration } from '../../format/time.ts'
import { Age } from '../../parts/age.tsx'
import { Panel } from '../../parts/panel.tsx'
import { act } from './act.ts'

const labelText = (labels: Readonly<Record<string, string>> = {}): string =>
  Object.entries(labels)
    .map(([name, text]) => `${name}=${text}`)
    .join(' ')

/** Nobody is told of these for a while. */
export function Silences({ silences, done }: { silences: readonly Silence[]; done: () => void }) {
  return (
    <Panel title="Silences">
      <ul class="silences">
        {silences.map(({ id, rule, labels, until, by, reason }) => (
          <li key={id}>
            <span class="grow">
              <b>{rule ?? 'All rules'}</b> <span class="soft">{labelText(labels)}</span>
              {reason && `: ${reason}`}
            </span>
            <span class="soft">
              by {by}, {duration(Math.max(0, until - Date.now()))} left
            </span>
            <button
              type="button"
              class="button"
              onClick={() =>
                void act('silences/end', { id, by: who.value || 'somebody at the console' }).then(done, done)
              }
            >
              End
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** The newest first. */
export function Changes({ changes }: { changes: readonly AlertChange[] }) {
  if (changes.length === 0) return null
  return (
    <Panel title="History" more={plural(changes.length, 'change')}>
      <div class="table-scroll" tabIndex={0} role="region" aria-label="History of alerts">
        <table class="stats">
          <thead>
            <tr>
              <th>Alert</th>
              <th>Severity</th>
              <th>From</th>
              <th>To</th>
              <th class="right">Value</th>
              <th>By</th>
              <th class="right">When</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ alert, from, actor, at }) => (
              <tr key={`${alert.id} ${at} ${alert.state}`}>
                <th scope="row" title={labelText(alert.labels)}>
                  {alert.rule}
                </th>
                <td class={`severity-of-${alert.severity}`}>
                  <span class="weight">{alert.severity}</span>
                </td>
                <td class="soft">{from ?? 'new'}</td>
                <td>{alert.state}</td>
                <td class="right num">{plain(alert.value)}</td>
                <td class="soft">{actor}</td>
                <td class="right soft">
                  <Age time={at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

/** A bound as it was written: 0.05, not 0.0500. */
const bound = (value: number): string => String(Number(value.toPrecision(6)))

function conditionOf(rule: AlertRule): string {
  const { aggregation, percentile = 95, above, below, window } = rule
  const what = aggregation === 'percentile' ? `p${percentile}` : aggregation
  const over = ` over ${roundDuration(window)}`
  if (above !== undefined)
    return `${what} > ${typeof above === 'number' ? bound(above) : `p${above.percentile} of its values`}${over}`
  return below === undefined ? `nothing${over}` : `${what} < ${bound(below)}${over}`
}

/** All of them, each with the metric that it watches. */
export function Rules({ rules }: { rules: readonly AlertRule[] }) {
  return (
    <Panel title="Rules" more={plural(rules.length, 'rule')}>
      <div class="table-scroll" tabIndex={0} role="region" aria-label="Alert rules">
        <table class="stats">
          <thead>
            <tr>
              <th>Rule</th>
              <th>Severity</th>
              <th>When</th>
              <th>Of</th>
              <th class="right">For</th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <tr key={rule.name}>
                <th scope="row" title={rule.summary}>
                  {rule.name}
                </th>
                <td class={`severity-of-${rule.severity}`}>
                  <span class="weight">{rule.severity}</span>
                </td>
                <td>{conditionOf(rule)}</td>
                <td>
                  <a href={href('/metrics', { name: rule.signal })}>
                    <code>{rule.signal}</code>
                  </a>
                </td>
                <td class="right num">{rule.for === 0 ? 'at once' : roundDuration(rule.for)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
