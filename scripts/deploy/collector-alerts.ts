/** Alerts on the collector's own figures: what is lost, or will be soon. */
import { lostInQueue } from './collector-balance.ts'
import { grownOf, signalsGrown } from './collector-metrics.ts'

/** One alert. */
export interface CollectorAlert {
  readonly name: string
  readonly expr: string
  readonly wait: string
  readonly severity: 'warning' | 'error' | 'critical'
  readonly summary: string
}

const grown = (metric: string, label: string): string =>
  `sum by (job, instance, ${label}) (${signalsGrown(metric, '5m')})`

/** All of them. */
export const collectorAlerts: readonly CollectorAlert[] = [
  {
    name: 'collector-down',
    expr: 'up{job="collector"} == 0',
    wait: '1m',
    severity: 'critical',
    summary: 'The collector does not answer: what agents do is not seen.',
  },
  {
    name: 'collector-queue-filling',
    expr: 'otelcol_exporter_queue_size / otelcol_exporter_queue_capacity > 0.5',
    wait: '1m',
    severity: 'warning',
    summary: 'More than half of the queue to {{ $labels.exporter }} is full: the backend is down or too slow.',
  },
  {
    name: 'collector-loses-data',
    expr: `${grown('otelcol_exporter_enqueue_failed', 'exporter')} > 0`,
    wait: '0s',
    severity: 'critical',
    summary: 'Telemetry for {{ $labels.exporter }} is lost: the queue, or its disk, is full.',
  },
  {
    name: 'collector-queue-lost',
    expr: `${lostInQueue('5m')} > 0`,
    wait: '0s',
    severity: 'critical',
    summary:
      '{{ $value }} items for {{ $labels.exporter }} are lost: their queue could not be read, and nothing counts these.',
  },
  {
    name: 'collector-refuses-data',
    expr: `${grown('otelcol_receiver_refused', 'receiver')} > 0`,
    wait: '0s',
    severity: 'error',
    summary: 'The collector turns senders away: it is at the limit of its memory.',
  },
  {
    name: 'collector-drops-points',
    expr: `sum by (job, instance, error) (${grownOf('otelcol_deltatocumulative_datapoints{error!=""}', '5m')}) > 0`,
    wait: '0s',
    severity: 'error',
    summary: 'Points of metrics are dropped, because of {{ $labels.error }}: counters are too low.',
  },
  {
    name: 'collector-drops-traces',
    expr: `sum by (job, instance) (${grownOf('otelcol_processor_tail_sampling_sampling_trace_dropped_too_early', '5m')}) > 0`,
    wait: '0s',
    severity: 'error',
    summary: 'Traces are dropped before their decision: more of them come than OTELCOL_TRACES_IN_MEMORY.',
  },
  {
    name: 'collector-cannot-deliver',
    expr: `${grown('otelcol_exporter_send_failed', 'exporter')} > 0`,
    wait: '0s',
    severity: 'error',
    summary: '{{ $labels.exporter }} refused telemetry for good: it will not be sent again.',
  },
]
