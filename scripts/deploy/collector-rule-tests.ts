/** What promtool tries on the alerts on the collector itself: the cause begins at once and ends after half an hour. */
import { type CollectorAlert, collectorAlerts } from './collector-alerts.ts'
import { LOST_IN_QUEUE } from './collector-balance.ts'
import type { InputSeries } from './rule-cases.ts'
import { RUNBOOK } from './rule-files.ts'

interface CollectorCase {
  /** Labels that the alert carries beside severity. */
  readonly labels: Readonly<Record<string, string>>
  /** What the alert says by how much. */
  readonly value?: string
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

/** A process that was started anew after so many minutes, and what one exporter was given and did with it. */
function balance(offered: string, sent: string, size: string, uptime = '0+60x120'): InputSeries[] {
  return [
    series('otelcol_process_uptime', one, uptime),
    series('otelcol_exporter_queue_batch_send_size_sum', jaeger, offered),
    series('otelcol_exporter_sent_spans', jaeger, sent),
    series('otelcol_exporter_queue_size', { ...jaeger, data_type: 'traces' }, size),
  ]
}

// What a full disk did: 2,200 came, 360 found no room, and of the others 200 were sent and 20 given up.
const neverSent: InputSeries[] = [
  ...balance('2200x120', '0x19 200x100', '9000x19 0x100'),
  series('otelcol_exporter_send_failed_spans', jaeger, '0x19 20x100'),
  series('otelcol_exporter_enqueue_failed_spans', jaeger, '360x120'),
]
// All is sent in the end, and counters are not read all at one moment.
const busy = balance('0+100x120', '0+100x16 1600 1800+100x102', '0x14 50 0 0 0x103')

const cases: Readonly<Record<string, CollectorCase>> = {
  'collector-down': { labels: one, bad: [series('up', one, '0x30 1x90')], good: [series('up', one, '1x120')] },
  'collector-queue-filling': { labels: jaeger, bad: queue('600x30 100x90'), good: queue('400x120') },
  'collector-loses-data': counted('otelcol_exporter_enqueue_failed', jaeger),
  'collector-queue-lost': { labels: jaeger, value: '1620', bad: neverSent, good: busy },
  'collector-refuses-data': counted('otelcol_receiver_refused', otlp),
  'collector-drops-points': {
    labels: { ...one, error: 'delta.ErrOutOfOrder' },
    bad: [
      series('otelcol_deltatocumulative_datapoints', { ...one, error: 'delta.ErrOutOfOrder' }, '_x10 0+5x20 100x90'),
    ],
    good: [series('otelcol_deltatocumulative_datapoints', one, '0+100x120')],
  },
  'collector-drops-traces': {
    labels: one,
    bad: [series('otelcol_processor_tail_sampling_sampling_trace_dropped_too_early', one, '0+3x30 90x90')],
    good: [series('otelcol_processor_tail_sampling_sampling_trace_dropped_too_early', one, '90x120')],
  },
  'collector-cannot-deliver': counted('otelcol_exporter_send_failed', jaeger),
}

function firing({ name, severity, summary }: CollectorAlert, { labels, value = '' }: CollectorCase): object {
  return {
    exp_labels: { ...labels, severity },
    exp_annotations: {
      summary: summary
        .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, key: string) => labels[key] ?? '')
        .replaceAll('{{ $value }}', value),
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
      alert_rule_test: [looked(25, [firing(alert, found)]), looked(100, [])],
    },
    {
      name: `${alert.name} stays quiet`,
      interval: '1m',
      input_series: inputs(found.good),
      alert_rule_test: [looked(25, [])],
    },
  ]
}

const lostAfter = (name: string, input: readonly InputSeries[], value: number): object => ({
  name,
  interval: '1m',
  input_series: input.map(([written, values]) => ({ series: written, values })),
  promql_expr_test: [
    {
      expr: LOST_IN_QUEUE,
      eval_time: '60m',
      exp_samples: [{ labels: series(LOST_IN_QUEUE, jaeger, '')[0], value }],
    },
  ],
})

/** The process is another from the 40th minute on. */
const restarts = [
  lostAfter(
    'what was in a queue before a restart and could not be read after it is counted',
    balance('2200x39 stale _x4 20x80', '200x39 stale _x4 220x80', '9000x39 0x80', '0+60x39 0+60x80'),
    1800,
  ),
  lostAfter(
    'what was in a queue before a restart and was sent after it is not lost',
    balance('2200x39 stale _x4 20x80', '200x39 stale _x4 2020x80', '9000x39 0x80', '0+60x39 0+60x80'),
    0,
  ),
  lostAfter(
    'what was on its way when Prometheus last looked before a restart is not lost',
    balance('0+100x39 0+100x80', '0+100x38 3800 0+100x80', '0x38 50 0x80', '0+60x39 0+60x80'),
    0,
  ),
]

/** Two of each alert, and what restarts do to the figure of what was lost. @throws when one has no case */
export function collectorRuleTests(): object[] {
  return [...collectorAlerts.flatMap(testsOf), ...restarts]
}
