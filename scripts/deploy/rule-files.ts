/** The rule files of Prometheus. */
import { stringify } from 'yaml'
import { prometheusRules, standardRules } from '../../packages/alerts/src/index.ts'
import { ATTR_SERVICE_NAME } from '../../packages/semconv/src/index.ts'
import { aggregates } from './aggregates.ts'
import { collectorAlerts } from './collector-alerts.ts'
import { balanceRules } from './collector-balance.ts'
import { plainNames, type RecordingRule } from './plain-names.ts'

/** Where the runbook of an alert is; `{name}` is the alert's name. */
export const RUNBOOK = 'https://github.com/agentel/agentel/blob/main/docs/runbooks/{name}.md'

const headed = (what: string, text: string): string => `# ${what}\n# Made by \`pnpm generate\`: do not edit.\n${text}`

function recording(group: string, rules: readonly RecordingRule[]): string {
  return stringify({ groups: [{ name: group, rules }] }, { lineWidth: 0 })
}

function alerting(group: string): string {
  const rules = collectorAlerts.map(({ name, expr, wait, severity, summary }) => ({
    alert: name,
    expr,
    for: wait,
    labels: { severity },
    annotations: { summary, runbook_url: RUNBOOK.replace('{name}', name) },
  }))
  return stringify({ groups: [{ name: group, rules: [...balanceRules, ...rules] }] }, { lineWidth: 0 })
}

/** Text by path from the root of the repository. */
export function ruleFiles(): Record<string, string> {
  const folder = 'deploy/prometheus/rules'
  const standard = prometheusRules(standardRules, { group: 'agents', by: [ATTR_SERVICE_NAME], runbook: RUNBOOK })
  return {
    [`${folder}/alerts.yml`]: headed('The standard alerts: the same as in the process, for each service.', standard),
    [`${folder}/collector.yml`]: headed('Alerts on the way of the telemetry itself.', alerting('collector')),
    [`${folder}/plain-names.yml`]: headed(
      'The names that people look for, as pure renames: never added up, all labels kept.',
      recording('plain-names', plainNames),
    ),
    [`${folder}/aggregates.yml`]: headed(
      'Sums over series, as level:metric:operation.',
      recording('aggregates', aggregates),
    ),
  }
}
