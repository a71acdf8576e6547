/** Holds telemetry against the registry: what the official conformance checks call a violation, and our own names. */
import { checkEvent } from './conformance/event.ts'
import type { CheckedLogRecord } from './conformance/event.ts'
import type { ConformanceFinding, ConformanceOptions } from './conformance/finding.ts'
import { checkMetric } from './conformance/metric.ts'
import type { CheckedMetric } from './conformance/metric.ts'
import { checkOperationCounts, type OperationCounts } from './conformance/operation-counts.ts'
import { checkSpan } from './conformance/span.ts'
import type { CheckedSpan } from './conformance/span.ts'

export type { CheckedLogRecord } from './conformance/event.ts'
export type { ConformanceFinding, ConformanceOptions, ConformanceRule } from './conformance/finding.ts'
export type { CheckedMetric } from './conformance/metric.ts'
export type { OperationCounts } from './conformance/operation-counts.ts'
export type { CheckedSpan } from './conformance/span.ts'

/** What was emitted. */
export interface EmittedTelemetry {
  /** Exact numbers of spans for each operation; none of these operations may be missing, none other be there. */
  readonly operations?: OperationCounts
  readonly spans?: readonly CheckedSpan[]
  readonly metrics?: readonly CheckedMetric[]
  readonly logs?: readonly CheckedLogRecord[]
}

/**
 * Every violation in finished spans, collected metrics and log records; empty for telemetry that conforms. Each is
 * given once, however many points of a metric have it.
 *
 * @example
 * expect(checkConformance({ spans: telemetry.spans(), logs: telemetry.logs() })).toEqual([])
 */
export function checkConformance(emitted: EmittedTelemetry, options: ConformanceOptions = {}): ConformanceFinding[] {
  const findings = new Map<string, ConformanceFinding>()
  const sayOf =
    (where: string) =>
    (rule: ConformanceFinding['rule'], message: string): void => {
      findings.set(`${where} ${rule} ${message}`, { rule, where, message })
    }
  for (const span of emitted.spans ?? []) checkSpan(span, options, sayOf(`span ${span.name}`))
  for (const metric of emitted.metrics ?? []) checkMetric(metric, options, sayOf(`metric ${metric.descriptor.name}`))
  for (const log of emitted.logs ?? []) checkEvent(log, options, sayOf(`event ${log.eventName ?? '(none)'}`))
  const counts = emitted.operations && checkOperationCounts(emitted.spans ?? [], emitted.operations)
  return [...findings.values(), ...(counts ?? [])]
}
