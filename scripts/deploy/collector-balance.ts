/**
 * What the collector's queues lose without counting it. A queue that cannot be read, as on a disk that is full, drops what it
 * holds, and no counter of the collector moves: but what was offered to an exporter, less what it sent, gave up and had no
 * room for, is in its queue, or lost when the queue is empty.
 */
import { eachSignal } from './collector-metrics.ts'
import type { RecordingRule } from './plain-names.ts'

const BY = '(job, instance, exporter)'
const SETTLED = ['sent', 'send_failed', 'enqueue_failed']

const CARRIED = 'exporter:otelcol_carried:items'
const BALANCE = 'exporter:otelcol_balance:items'
const UNSETTLED = 'exporter:otelcol_unsettled:items'
const IDLE = 'exporter:otelcol_unsettled_idle:items'
const BACKLOG = 'exporter:otelcol_backlog:items'
const UPTIME = 'instance:otelcol_uptime:seconds'
/** Items that an exporter's queue has lost since it is watched. It only grows, over restarts of the collector too. */
export const LOST_IN_QUEUE = 'exporter:otelcol_lost_in_queue:items'

const offered = `sum by ${BY} (otelcol_exporter_queue_batch_send_size_sum)`
const settled = SETTLED.map((what) =>
  eachSignal(`otelcol_exporter_${what}`, (series) => `label_replace(${series}, "settled", "${what}", "", "")`),
).join(' or ')
const queued = `max by ${BY} (otelcol_exporter_queue_size)`
const before = (series: string): string => `last_over_time(${series}[1d])`
// Counters are not read all at one moment, and a batch on its way looks lost in one of them: the least of some is the truth.
const sure = `(clamp_min(min_over_time(${IDLE}[5m]), 0) and count_over_time(${IDLE}[5m]) >= 3)`

/** In the order in which they are evaluated: a rule sees of those below it what they said the time before. */
export const balanceRules: readonly RecordingRule[] = [
  // Counters begin anew with the process; what was in its queue does not.
  {
    record: CARRIED,
    expr: `(${before(BACKLOG)} and on (job, instance) (max by (job, instance) (otelcol_process_uptime) < on (job, instance) ${before(UPTIME)})) or ${before(CARRIED)}`,
  },
  { record: BALANCE, expr: `${offered} - sum by ${BY} (${settled})` },
  { record: UNSETTLED, expr: `(${BALANCE} + ${CARRIED}) or ${BALANCE}` },
  { record: IDLE, expr: `${UNSETTLED} and (${queued} == 0)` },
  { record: LOST_IN_QUEUE, expr: `(${sure} > ${before(LOST_IN_QUEUE)}) or ${before(LOST_IN_QUEUE)} or ${sure}` },
  // Of what came lately nobody knows whether it was still sent before a restart.
  {
    record: BACKLOG,
    expr: `clamp_min(min_over_time(${UNSETTLED}[2m]) - sum by ${BY} (increase(otelcol_exporter_queue_batch_send_size_sum[2m])), 0)`,
  },
  { record: UPTIME, expr: 'max by (job, instance) (otelcol_process_uptime)' },
]

/** What the queues lost in a time, one value for each exporter. */
export function lostInQueue(window: string): string {
  return `(${LOST_IN_QUEUE} - (last_over_time(${LOST_IN_QUEUE}[1d] offset ${window}) or ${LOST_IN_QUEUE} * 0))`
}
