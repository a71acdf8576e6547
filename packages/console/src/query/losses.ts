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
      if (row === undefined) rows.set(key, { service, what, reason, count: increase })
      else row.count += increase
    }
  }
  return { range, rows: [...rows.values()].toSorted((a, b) => b.count - a.count) }
}
