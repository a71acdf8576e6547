/** What promtool tries on the alerts on the collector itself: the cause begins at once and ends after half an hour. */
import { type CollectorAlert, collectorAlerts } from './collector-alerts.ts'
import type { InputSeries } from './rule-cases.ts'
import { RUNBOOK } from './rule-files.ts'

interface CollectorCase {
  /** Labels that the alert carries beside severity. */
  readonly labels: Readonly<Record<string, string>>
  readonly bad: readonly InputSeries[]
  readonly good: readonly InputSeries[]
}

const one = { job: 'collector', instance: 'collector:8888' }
const jaeger = { ...one, exporter: 'otlp_grpc/jaeger' }
const otlp = { ...one, receiver: 'otlp' }

function series(metric: string, labels: Readonly<Record<string, string>>, values: string): InputSeries {
  const list = Object.entries(labels).map(([key, value]) => `${key}="${value}"`)
  return [`${metric}{${list.join(', ')}}`, values]
}

/** Of each signal some; what was counted long ago is no news. */
function counted(metric: string, labels: Readonly<Record<string, string>>): CollectorCase {
  const more = { ...labels, transport: 'grpc' }
  return {
    labels,
    bad: [series(`${metric}_spans`, more, '0+10x30 300x90'), series(`${metric}_log_records`, more, '_x10 20x110')],
    good: [series(`${metric}_spans`, more, '300x120')],
  }
}

const queue = (size: string): InputSeries[] => [
  series('otelcol_exporter_queue_size', jaeger, size),
  series('otelcol_exporter_queue_capacity', jaeger, '1000x120'),
]

const cases: Readonly<Record<string, CollectorCase>> = {
  'collector-down': { labels: one, bad: [series('up', one, '0x30 1x90')], good: [series('up', one, '1x120')] },
  'collector-queue-filling': { labels: jaeger, bad: queue('600x30 100x90'), good: queue('400x120') },
  'collector-loses-data': counted('otelcol_exporter_enqueue_failed', jaeger),
  'collector-refuses-data': counted('otelcol_receiver_refused', otlp),
  'collector-cannot-deliver': counted('otelcol_exporter_send_failed', jaeger),
}

function firing({ name, severity, summary }: CollectorAlert, labels: Readonly<Record<string, string>>): object {
  return {
    exp_labels: { ...labels, severity },
    exp_annotations: {
      summary: summary.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, key: string) => labels[key] ?? ''),
      runbook_url: RUNBOOK.replace('{name}', name),
    },
  }
}

function testsOf(alert: CollectorAlert): object[] {
  const found = cases[alert.name]
  if (found === undefined) throw new Error(`no case in scripts/deploy/collector-rule-tests.ts for ${alert.name}`)
  const inputs = (list: readonly InputSeries[]): object[] => list.map(([name, values]) => ({ series: name, values }))
  const looked = (minute: number, expected: object[]): object => ({
    eval_time: `${minute}m`,
    alertname: alert.name,
    exp_alerts: expected,
  })
  return [
    {
      name: `${alert.name} fires and resolves`,
      interval: '1m',
      input_series: inputs(found.bad),
      alert_rule_test: [looked(25, [firing(alert, found.labels)]), looked(100, [])],
    },
    {
      name: `${alert.name} stays quiet`,
      interval: '1m',
      input_series: inputs(found.good),
      alert_rule_test: [looked(25, [])],
    },
  ]
}

/** Two of each alert. @throws when one has no case */
export function collectorRuleTests(): object[] {
  return collectorAlerts.flatMap(testsOf)
}
