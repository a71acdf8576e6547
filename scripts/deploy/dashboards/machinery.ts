import * as n from '../../../packages/semconv/src/index.ts'
import type { Dashboard } from './panels.ts'
import { lostInQueue } from '../collector-balance.ts'
import { signalsGrown, signalsRate } from '../collector-metrics.ts'
import { grown, latest } from './query.ts'

const process = [n.ATTR_SERVICE_NAME, n.ATTR_SERVICE_INSTANCE_ID]
const component = [n.ATTR_AGENTEL_COMPONENT_NAME]
const range = '$__range'

/** What the processes use, and what agentel itself could not do. */
export const resources: Dashboard = {
  uid: 'resources',
  title: 'Resources',
  what: 'CPU, memory and event loop of the processes, and what agentel dropped.',
  panels: [
    {
      kind: 'lines',
      title: 'CPU',
      what: 'Share of all CPUs, by process.',
      unit: 'percentunit',
      target: [0.8, 0.9],
      by: process,
      query: latest(n.METRIC_PROCESS_CPU_UTILIZATION, process),
    },
    {
      kind: 'lines',
      title: 'Memory',
      what: 'Physical memory, by process.',
      unit: 'bytes',
      target: [800e6, 1e9],
      by: process,
      query: latest(n.METRIC_PROCESS_MEMORY_USAGE, process),
    },
    {
      kind: 'lines',
      title: 'Heap in use',
      what: 'Of V8, by process.',
      unit: 'bytes',
      by: process,
      query: latest(n.METRIC_V8JS_MEMORY_HEAP_USED, process),
    },
    {
      kind: 'lines',
      title: 'Event loop delay',
      what: '99th percentile since the last look, by process.',
      unit: 's',
      target: [0.1, 0.5],
      by: process,
      query: latest(n.METRIC_NODEJS_EVENTLOOP_DELAY_P99, process),
    },
    {
      kind: 'lines',
      title: 'Event loop utilization',
      what: 'Share of the time in which the loop was busy.',
      unit: 'percentunit',
      target: [0.8, 0.95],
      by: process,
      query: latest(n.METRIC_NODEJS_EVENTLOOP_UTILIZATION, process),
    },
    {
      kind: 'lines',
      title: 'Running for',
      what: 'Time since the process started.',
      unit: 's',
      by: process,
      query: latest(n.METRIC_PROCESS_UPTIME, process),
    },
    {
      kind: 'table',
      title: 'Dropped by agentel',
      what: 'What was dropped because a bound was reached.',
      unit: 'short',
      query: grown(n.METRIC_AGENTEL_SELF_DROPPED, range, component),
    },
    {
      kind: 'table',
      title: 'Faults of agentel',
      what: 'Faults of agentel itself; none reached the application.',
      unit: 'short',
      query: grown(n.METRIC_AGENTEL_SELF_FAULTS, range, component),
    },
    {
      kind: 'table',
      title: 'Redactions',
      what: 'Values that were masked in the processes.',
      unit: 'short',
      query: grown(n.METRIC_AGENTEL_SELF_REDACTIONS, range, component),
    },
  ],
}

/** The way of the telemetry itself. */
export const collector: Dashboard = {
  uid: 'collector',
  title: 'Collector',
  what: 'What the collector takes, holds, sends and loses.',
  panels: [
    {
      kind: 'stat',
      title: 'Up',
      what: 'Whether Prometheus reaches it.',
      unit: 'short',
      target: [1, 1],
      highIsGood: true,
      query: 'min(up{job="collector"})',
    },
    {
      kind: 'stat',
      title: 'Lost',
      what: 'Items that found the queue full, in the time shown.',
      unit: 'short',
      query: `sum(${signalsGrown('otelcol_exporter_enqueue_failed', range)})`,
    },
    {
      kind: 'stat',
      title: 'Lost in the queue',
      what: 'Items that a queue held and could not give back, in the time shown.',
      unit: 'short',
      query: `sum(${lostInQueue(range)})`,
    },
    {
      kind: 'stat',
      title: 'Turned away',
      what: 'Items refused at the limit of memory, in the time shown.',
      unit: 'short',
      query: `sum(${signalsGrown('otelcol_receiver_refused', range)})`,
    },
    {
      kind: 'stat',
      title: 'Memory',
      what: 'Of the collector.',
      unit: 'bytes',
      query: 'max(otelcol_process_memory_rss)',
    },
    {
      kind: 'lines',
      title: 'Taken',
      what: 'Spans, points and records a second, by way in.',
      unit: 'short',
      query: {
        spans: 'sum(rate(otelcol_receiver_accepted_spans[$__rate_interval]))',
        points: 'sum(rate(otelcol_receiver_accepted_metric_points[$__rate_interval]))',
        records: 'sum(rate(otelcol_receiver_accepted_log_records[$__rate_interval]))',
      },
    },
    {
      kind: 'lines',
      title: 'Sent',
      what: 'A second, by exporter.',
      unit: 'short',
      by: ['exporter'],
      query: `sum by (exporter) (${signalsRate('otelcol_exporter_sent', '$__rate_interval')})`,
    },
    {
      kind: 'lines',
      title: 'Queue',
      what: 'Share of the queue before each backend that is full.',
      unit: 'percentunit',
      target: [0.5, 0.9],
      by: ['exporter'],
      query: 'max by (exporter) (otelcol_exporter_queue_size / otelcol_exporter_queue_capacity)',
    },
    {
      kind: 'lines',
      title: 'CPU',
      what: 'CPU seconds a second.',
      unit: 'short',
      query: 'sum(rate(otelcol_process_cpu_seconds[$__rate_interval]))',
    },
    {
      kind: 'lines',
      title: 'Traces kept and not',
      what: 'Decisions of the sampling a second; nothing without sampling.yaml.',
      unit: 'short',
      by: ['sampled'],
      query: 'sum by (sampled) (rate(otelcol_processor_tail_sampling_global_count_traces_sampled[$__rate_interval]))',
    },
  ],
}
