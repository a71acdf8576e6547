/** What a desk tells beside its runs: workers, events, queues, service levels, own figures, anomalies, alerts, ratings. */
import {
  ATTR_AGENTEL_ALERT_ACTOR,
  ATTR_AGENTEL_ALERT_RULE_NAME,
  ATTR_AGENTEL_ALERT_RUNBOOK_URL,
  ATTR_AGENTEL_ALERT_SEVERITY,
  ATTR_AGENTEL_ALERT_STATE,
  ATTR_AGENTEL_ALERT_THRESHOLD,
  ATTR_AGENTEL_ALERT_VALUE,
  ATTR_AGENTEL_ANOMALY_DETECTOR,
  ATTR_AGENTEL_ANOMALY_EXPECTED_VALUE,
  ATTR_AGENTEL_ANOMALY_OBSERVED_VALUE,
  ATTR_AGENTEL_ANOMALY_SCORE,
  ATTR_AGENTEL_ANOMALY_SEVERITY,
  ATTR_AGENTEL_ANOMALY_SIGNAL_NAME,
  ATTR_AGENTEL_EVENT_TYPE,
  ATTR_AGENTEL_QUEUE_NAME,
  ATTR_AGENTEL_SLA_MET,
  ATTR_AGENTEL_SLA_NAME,
  ATTR_AGENTEL_WORKER_NAME,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  ATTR_USER_ID,
  EVENT_AGENTEL_ALERT_STATE_CHANGED,
  EVENT_AGENTEL_ANOMALY_DETECTED,
  EVENT_AGENTEL_ANOMALY_ENDED,
  EVENT_GEN_AI_EVALUATION_RESULT,
  METRIC_AGENTEL_QUEUE_DEPTH,
  METRIC_AGENTEL_SLA_RESULTS,
} from '@agentel/semconv'
import { sendGauges, sendLogs, sendSpans, type SentLog, type SentSpan } from './otlp-json.ts'

const MINUTE = 60_000
const PRODUCER = 4
const CONSUMER = 5

const id = (length: number, n: number): string => n.toString(16).padStart(length, 'e')

/** Twenty executions of a worker (two fail), and as many events published and processed. */
function workSpans(now: number): SentSpan[] {
  return Array.from({ length: 20 }, (_, n) => {
    const start = now - (20 - n) * MINUTE
    const traceId = id(32, n + 1)
    const type = { [ATTR_AGENTEL_EVENT_TYPE]: 'document.indexed' }
    const span = (i: number) => id(16, n * 8 + i)
    const worker: SentSpan = {
      traceId,
      spanId: span(1),
      name: 'execute indexer',
      start,
      duration: 100 + n * 10,
      attributes: { [ATTR_AGENTEL_WORKER_NAME]: 'indexer' },
      ...(n % 10 === 9 && { error: 'disk quota' }),
    }
    const publish = {
      traceId,
      spanId: span(2),
      parentSpanId: span(1),
      name: 'publish document.indexed',
      kind: PRODUCER,
    }
    const process = {
      traceId,
      spanId: span(3),
      parentSpanId: span(2),
      name: 'process document.indexed',
      kind: CONSUMER,
    }
    return [
      worker,
      { ...publish, start: start + 50, duration: 2, attributes: type },
      { ...process, start: start + 60, duration: 30, attributes: type },
    ]
  }).flat()
}

const anomaly = (agent: string, signal: string, severity: string, observed: number) => ({
  [ATTR_GEN_AI_AGENT_NAME]: agent,
  [ATTR_AGENTEL_ANOMALY_SIGNAL_NAME]: signal,
  [ATTR_AGENTEL_ANOMALY_SEVERITY]: severity,
  [ATTR_AGENTEL_ANOMALY_DETECTOR]: 'cusum',
  [ATTR_AGENTEL_ANOMALY_SCORE]: 0.87,
  [ATTR_AGENTEL_ANOMALY_OBSERVED_VALUE]: observed,
  [ATTR_AGENTEL_ANOMALY_EXPECTED_VALUE]: 2.5,
})

function anomalyLogs(now: number): SentLog[] {
  const body = 'writer: tasks take 41.5 s, 2.5 s is usual.'
  return [
    {
      time: now - 9 * MINUTE,
      severity: 13,
      event: EVENT_AGENTEL_ANOMALY_DETECTED,
      body: 'critic: 3.1 times the usual cost.',
      attributes: anomaly('critic', 'cost', 'medium', 7.75),
    },
    {
      time: now - 5 * MINUTE,
      severity: 9,
      event: EVENT_AGENTEL_ANOMALY_ENDED,
      body: '',
      attributes: anomaly('critic', 'cost', 'medium', 7.75),
    },
    {
      time: now - 2 * MINUTE,
      severity: 21,
      event: EVENT_AGENTEL_ANOMALY_DETECTED,
      body,
      attributes: anomaly('writer', 'task_duration', 'critical', 41.5),
    },
  ]
}

const alert = (rule: string, severity: string, state: string, actor = 'evaluator') => ({
  [ATTR_AGENTEL_ALERT_RULE_NAME]: rule,
  [ATTR_AGENTEL_ALERT_SEVERITY]: severity,
  [ATTR_AGENTEL_ALERT_STATE]: state,
  [ATTR_AGENTEL_ALERT_VALUE]: 0.12,
  [ATTR_AGENTEL_ALERT_THRESHOLD]: 0.05,
  [ATTR_AGENTEL_ALERT_RUNBOOK_URL]: 'https://example.org/runbooks/errors',
  [ATTR_AGENTEL_ALERT_ACTOR]: actor,
})

function alertLogs(now: number): SentLog[] {
  const changed = (minutes: number, severity: number, body: string, attributes: ReturnType<typeof alert>): SentLog => ({
    time: now - minutes * MINUTE,
    severity,
    event: EVENT_AGENTEL_ALERT_STATE_CHANGED,
    body,
    attributes,
  })
  return [
    changed(12, 21, 'More than 5 % of the calls fail.', alert('error-rate', 'critical', 'active')),
    changed(10, 13, 'A request costs more than $0.05.', alert('request-cost', 'warning', 'active')),
    changed(8, 13, 'A request costs more than $0.05.', alert('request-cost', 'warning', 'resolved')),
    changed(6, 17, 'The queue is long.', alert('queue-long', 'error', 'active')),
    changed(4, 17, 'The queue is long.', alert('queue-long', 'error', 'acknowledged', 'ann@example.org')),
  ]
}

function ratingLogs(now: number): SentLog[] {
  return [5, 4, 4, 1].map((score, n) => ({
    time: now - (10 - n) * MINUTE,
    severity: 9,
    event: EVENT_GEN_AI_EVALUATION_RESULT,
    body: '',
    attributes: {
      [ATTR_GEN_AI_EVALUATION_NAME]: 'user_feedback',
      [ATTR_GEN_AI_EVALUATION_SCORE_VALUE]: score,
      [ATTR_USER_ID]: score === 1 ? 'sour' : 'sweet',
      ...(score === 1 && { [ATTR_GEN_AI_EVALUATION_EXPLANATION]: 'It cited a page that does not exist.' }),
    },
  }))
}

/** Sends all of it; returns when it is stored. */
export async function sendDeskSignals(base: string, now: number): Promise<void> {
  await sendSpans(base, workSpans(now), 'indexing')
  await sendLogs(base, [...anomalyLogs(now), ...alertLogs(now), ...ratingLogs(now)])
  const course = (of: (n: number) => number) =>
    Array.from({ length: 20 }, (_, n) => ({ time: now - (20 - n) * MINUTE, value: of(n) }))
  const met = (name: string, was: boolean, value: number) => ({
    attributes: { [ATTR_AGENTEL_SLA_NAME]: name, [ATTR_AGENTEL_SLA_MET]: was },
    points: [{ time: now - MINUTE, value }],
  })
  await sendGauges(base, [
    {
      name: METRIC_AGENTEL_QUEUE_DEPTH,
      unit: '{item}',
      series: [
        { attributes: { [ATTR_AGENTEL_QUEUE_NAME]: 'documents' }, points: course((n) => (n * 7) % 23) },
        { attributes: { [ATTR_AGENTEL_QUEUE_NAME]: 'mails' }, points: course((n) => n) },
      ],
    },
    {
      name: 'agentel.business.revenue',
      unit: 'USD',
      series: [{ attributes: { plan: 'team' }, points: course((n) => 100 + n) }],
    },
    {
      name: METRIC_AGENTEL_SLA_RESULTS,
      unit: '{result}',
      series: [met('first_answer', true, 97), met('first_answer', false, 3)],
    },
  ])
}
