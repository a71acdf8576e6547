import * as n from '../../../packages/semconv/src/index.ts'
import type { Dashboard } from './panels.ts'
import { FAILED, grown, latest, mean, quantile, share } from './query.ts'

const workers = n.METRIC_AGENTEL_WORKER_EXECUTION_DURATION
const worker = [n.ATTR_AGENTEL_WORKER_NAME]
const eventType = [n.ATTR_AGENTEL_EVENT_TYPE]
const SUCCEEDED = { [n.ATTR_ERROR_TYPE]: '' }
const [range, rate] = ['$__range', '$__rate_interval'] as const

/** What is unusual. */
export const anomaliesAndAlerts: Dashboard = {
  uid: 'anomalies',
  title: 'Anomalies and alerts',
  what: 'What the detectors found, which alerts are active, and who was told.',
  panels: [
    {
      kind: 'stat',
      title: 'Anomalies',
      what: 'Found in the time shown.',
      unit: 'short',
      query: grown(n.METRIC_AGENTEL_ANOMALIES, range),
    },
    {
      kind: 'stat',
      title: 'Alerts in the processes',
      what: 'Alerts of the applications themselves that are not resolved.',
      unit: 'short',
      query: latest(n.METRIC_AGENTEL_ALERT_ACTIVE),
    },
    {
      kind: 'stat',
      title: 'Notifications failed',
      what: 'Messages to a channel that were given up.',
      unit: 'short',
      query: grown(n.METRIC_AGENTEL_ALERT_NOTIFICATIONS, range, [], FAILED),
    },
    {
      kind: 'lines',
      title: 'Anomalies by severity',
      what: 'In the interval.',
      unit: 'short',
      by: [n.ATTR_AGENTEL_ANOMALY_SEVERITY],
      query: grown(n.METRIC_AGENTEL_ANOMALIES, rate, [n.ATTR_AGENTEL_ANOMALY_SEVERITY]),
    },
    {
      kind: 'lines',
      title: 'Anomaly score',
      what: 'Latest score by signal and detector; 0.4, 0.6 and 0.8 are the severities.',
      unit: 'short',
      target: [0.4, 0.8],
      by: [n.ATTR_AGENTEL_ANOMALY_SIGNAL_NAME, n.ATTR_AGENTEL_ANOMALY_DETECTOR],
      query: `max by (agentel_anomaly_signal_name, agentel_anomaly_detector) (${latest(n.METRIC_AGENTEL_ANOMALY_SCORE, [n.ATTR_AGENTEL_ANOMALY_SIGNAL_NAME, n.ATTR_AGENTEL_ANOMALY_DETECTOR, n.ATTR_GEN_AI_AGENT_NAME])})`,
    },
    {
      kind: 'table',
      title: 'Alerts of Prometheus',
      what: 'Alerts that fire now.',
      unit: 'short',
      query: 'sum by (alertname, severity, service_name) (ALERTS{alertstate="firing"})',
    },
    {
      kind: 'table',
      title: 'Anomalies by agent and signal',
      what: 'In the time shown.',
      unit: 'short',
      query: grown(n.METRIC_AGENTEL_ANOMALIES, range, [
        n.ATTR_GEN_AI_AGENT_NAME,
        n.ATTR_AGENTEL_ANOMALY_SIGNAL_NAME,
        n.ATTR_AGENTEL_ANOMALY_DETECTOR,
      ]),
    },
    {
      kind: 'logs',
      title: 'Anomalies in words',
      what: 'What was seen and what was expected; each leads to its trace.',
      query: `{service_name=~"$service"} | event_name="${n.EVENT_AGENTEL_ANOMALY_DETECTED}"`,
    },
  ],
}

/** What it is good for. */
export const businessAndSessions: Dashboard = {
  uid: 'business',
  title: 'Business and sessions',
  what: 'Sessions, queries, ratings, service levels and workflows.',
  panels: [
    {
      kind: 'stat',
      title: 'Sessions an hour',
      what: 'Sessions that ended, at the pace of the time shown.',
      unit: 'short',
      query: `${grown(n.METRIC_AGENTEL_SESSION_DURATION, range)} * 3600 / $__range_s`,
    },
    {
      kind: 'stat',
      title: 'Sessions under way',
      what: 'Now.',
      unit: 'short',
      query: latest(n.METRIC_AGENTEL_SESSION_ACTIVE),
    },
    {
      kind: 'stat',
      title: 'Queries per session',
      what: 'Mean of the sessions that ended.',
      unit: 'short',
      query: mean(n.METRIC_AGENTEL_SESSION_QUERIES, range),
    },
    {
      kind: 'stat',
      title: 'Rating',
      what: 'Mean of the ratings by users, 1 to 5.',
      unit: 'short',
      target: [4, 3],
      highIsGood: true,
      query: mean(n.METRIC_AGENTEL_FEEDBACK_RATING, range),
    },
    {
      kind: 'stat',
      title: 'Service level',
      what: 'Share of the checks that were met.',
      unit: 'percentunit',
      target: [0.95, 0.9],
      highIsGood: true,
      query: share(n.METRIC_AGENTEL_SLA_RESULTS, { [n.ATTR_AGENTEL_SLA_MET]: 'true' }, range),
    },
    {
      kind: 'stat',
      title: 'Workflows completed',
      what: 'Workflows that ended without an error.',
      unit: 'short',
      query: grown(n.METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION, range, [], SUCCEEDED),
    },
    {
      kind: 'lines',
      title: 'Duration of workflows',
      what: '95th percentile, by workflow.',
      unit: 's',
      by: [n.ATTR_GEN_AI_WORKFLOW_NAME],
      query: quantile(0.95, n.METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION, rate, [n.ATTR_GEN_AI_WORKFLOW_NAME]),
    },
    {
      kind: 'lines',
      title: 'Workflows that failed',
      what: 'Share, by workflow.',
      unit: 'percentunit',
      target: [0.01, 0.05],
      by: [n.ATTR_GEN_AI_WORKFLOW_NAME],
      query: share(n.METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION, FAILED, rate, [n.ATTR_GEN_AI_WORKFLOW_NAME]),
    },
    {
      kind: 'lines',
      title: 'Duration of sessions',
      what: 'Mean of the sessions that ended.',
      unit: 's',
      query: mean(n.METRIC_AGENTEL_SESSION_DURATION, rate),
    },
    {
      kind: 'lines',
      title: 'Rating by agent',
      what: 'Mean of the ratings.',
      unit: 'short',
      by: [n.ATTR_GEN_AI_AGENT_NAME],
      query: mean(n.METRIC_AGENTEL_FEEDBACK_RATING, rate, [n.ATTR_GEN_AI_AGENT_NAME]),
    },
    {
      kind: 'lines',
      title: 'Service level by name',
      what: 'Share of the checks that were met.',
      unit: 'percentunit',
      target: [0.95, 0.9],
      highIsGood: true,
      by: [n.ATTR_AGENTEL_SLA_NAME],
      query: share(n.METRIC_AGENTEL_SLA_RESULTS, { [n.ATTR_AGENTEL_SLA_MET]: 'true' }, rate, [n.ATTR_AGENTEL_SLA_NAME]),
    },
    {
      kind: 'lines',
      title: 'Spans of a trace',
      what: 'Mean size of a trace: a loop shows here.',
      unit: 'short',
      query: mean(n.METRIC_AGENTEL_TRACE_SPANS, rate),
    },
  ],
}

/** What works behind the scenes. */
export const workersAndEvents: Dashboard = {
  uid: 'workers',
  title: 'Workers and events',
  what: 'Executions of workers, events on buses, and queues.',
  panels: [
    {
      kind: 'stat',
      title: 'Executions',
      what: 'Executions of workers in the time shown.',
      unit: 'short',
      query: grown(workers, range),
    },
    {
      kind: 'stat',
      title: 'Failed executions',
      what: 'Executions that ended in an error.',
      unit: 'short',
      query: grown(workers, range, [], FAILED),
    },
    {
      kind: 'stat',
      title: 'Events',
      what: 'Events on buses in the time shown.',
      unit: 'short',
      query: grown(n.METRIC_AGENTEL_EVENTS, range),
    },
    {
      kind: 'stat',
      title: 'Waiting',
      what: 'Items in all queues.',
      unit: 'short',
      query: latest(n.METRIC_AGENTEL_QUEUE_DEPTH),
    },
    {
      kind: 'lines',
      title: 'Success by worker',
      what: 'Share of the executions that succeeded.',
      unit: 'percentunit',
      target: [0.95, 0.9],
      highIsGood: true,
      by: worker,
      query: share(workers, SUCCEEDED, rate, worker),
    },
    {
      kind: 'lines',
      title: 'Duration by worker',
      what: '95th percentile of an execution.',
      unit: 's',
      target: [2, 5],
      by: worker,
      query: quantile(0.95, workers, rate, worker),
    },
    {
      kind: 'lines',
      title: 'Health of workers',
      what: '1 for the state that a worker is in.',
      unit: 'short',
      by: [...worker, n.ATTR_AGENTEL_HEALTH_STATE],
      query: latest(n.METRIC_AGENTEL_WORKER_HEALTH, [...worker, n.ATTR_AGENTEL_HEALTH_STATE]),
    },
    {
      kind: 'lines',
      title: 'Events by type',
      what: 'In the interval.',
      unit: 'short',
      by: eventType,
      query: grown(n.METRIC_AGENTEL_EVENTS, rate, eventType),
    },
    {
      kind: 'lines',
      title: 'Time to process an event',
      what: '95th percentile, by type.',
      unit: 's',
      by: eventType,
      query: quantile(0.95, n.METRIC_AGENTEL_EVENT_DURATION, rate, eventType),
    },
    {
      kind: 'lines',
      title: 'Events that failed',
      what: 'Share, by type.',
      unit: 'percentunit',
      target: [0.01, 0.05],
      by: eventType,
      query: share(n.METRIC_AGENTEL_EVENTS, FAILED, rate, eventType),
    },
    {
      kind: 'lines',
      title: 'Queues',
      what: 'Items that wait.',
      unit: 'short',
      by: [n.ATTR_AGENTEL_QUEUE_NAME],
      query: latest(n.METRIC_AGENTEL_QUEUE_DEPTH, [n.ATTR_AGENTEL_QUEUE_NAME]),
    },
  ],
}
