import {
  ATTR_AGENTEL_COMPONENT_NAME,
  ATTR_ERROR_TYPE,
  METRIC_AGENTEL_SELF_DROPPED,
  METRIC_OTEL_SDK_PROCESSOR_LOG_PROCESSED,
  METRIC_OTEL_SDK_PROCESSOR_SPAN_PROCESSED,
} from '@agentel/semconv'
import type { LossList } from '../api/contract.ts'
import { counterIncreases } from './metrics.ts'
import { rangeOf } from './parameters.ts'
import type { Reader } from './reader.ts'

/** Counters in which a sender says what it lost, with the attribute that says why; what has none was sent. */
const COUNTERS = [
  [METRIC_OTEL_SDK_PROCESSOR_SPAN_PROCESSED, 'spans', ATTR_ERROR_TYPE],
  [METRIC_OTEL_SDK_PROCESSOR_LOG_PROCESSED, 'log records', ATTR_ERROR_TYPE],
  [METRIC_AGENTEL_SELF_DROPPED, 'items', ATTR_AGENTEL_COMPONENT_NAME],
] as const

interface Explained {
  readonly meaning: string
  readonly advice: string | null
}

const EXPLAINED: Readonly<Record<string, Explained>> = {
  queue_full: {
    meaning: 'the queue was full',
    advice: 'OTEL_BSP_MAX_QUEUE_SIZE (of log records OTEL_BLRP_MAX_QUEUE_SIZE) makes the queue longer',
  },
  'sampling.maxSpansPerTrace': {
    meaning: 'a trace had more spans than are sent of one',
    advice: 'AGENTEL_SAMPLING_MAX_SPANS_PER_TRACE sends more',
  },
  'sampling.keepPerSecond': {
    meaning: 'more failed in a second than is sent of what was not sampled',
    advice: 'AGENTEL_SAMPLING_KEEP_PER_SECOND sends more',
  },
  'sampling.tail': {
    meaning: 'a trace that waited for its end had more spans than are held of one',
    advice: 'a collector that samples, as deploy/ has one, holds more',
  },
  audit: {
    meaning: 'the audit log did not take them',
    advice: 'look whether the file can be written, and whether another process keeps it locked',
  },
  'alerts.series': {
    meaning: 'alert rules looked at as many series as they hold, and not at these',
    advice: 'attributes with fewer values make fewer series',
  },
  'alerts.groups': {
    meaning: 'alert rules watched as many groups as they hold, and not these',
    advice: 'attributes with fewer values in groupBy make fewer groups',
  },
  'alerts.rules': {
    meaning: 'alert rules could not be evaluated',
    advice: 'the log of the application (OTEL_LOG_LEVEL=warn) names the rule and says why',
  },
  'alerts.history': {
    meaning: 'the store of alerts took no changes of state for long',
    advice: 'look whether the file can be written, and whether another process keeps it locked',
  },
  'log-file': {
    meaning: 'the log file did not take them',
    advice: 'look whether the file can be written, and whether its disk keeps up',
  },
}

/** What is not known here is the error of an export. */
function explain(reason: string): Explained {
  return EXPLAINED[reason] ?? { meaning: `the export failed with ${reason}`, advice: null }
}

/** `GET /api/losses` */
export function listLosses(reader: Reader, query: URLSearchParams): LossList {
  const range = rangeOf(query)
  const rows = new Map<string, { -readonly [K in keyof LossList['rows'][number]]: LossList['rows'][number][K] }>()
  for (const [name, what, why] of COUNTERS) {
    for (const { attributes, service, increase } of counterIncreases(reader, name, range.from * 1e3, range.to * 1e3)) {
      const reason = attributes[why]
      if (typeof reason !== 'string' || increase <= 0) continue
      // Replicas of a service, and several processors of one of them, are series of their own.
      const key = JSON.stringify([service, what, reason])
      const row = rows.get(key)
      if (row === undefined) rows.set(key, { service, what, reason, ...explain(reason), count: increase })
      else row.count += increase
    }
  }
  return { range, rows: [...rows.values()].toSorted((a, b) => b.count - a.count) }
}
