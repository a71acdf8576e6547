import { createTraceState, type TraceState } from '@opentelemetry/api'

/** Hexadecimal digits of a trace's randomness: 56 bits. */
const DIGITS = 14
const ALL = '0'.repeat(DIGITS)

/**
 * The rejection threshold of a share of all traces, as OpenTelemetry's consistent sampling counts it: 14 hexadecimal
 * digits, a trace is kept when its randomness is not below them. Undefined for a share of nothing.
 */
export function thresholdOf(share: number): string | undefined {
  if (share >= 1) return ALL
  const rejected = BigInt(Math.round((1 - Math.max(0, share)) * 2 ** 52))
  return rejected >= 1n << 52n ? undefined : (rejected << 4n).toString(16).padStart(DIGITS, '0')
}

function fieldsOf(state: TraceState | undefined): string[] {
  return (state?.get('ot') ?? '').split(';').filter((field) => field !== '')
}

function fieldOf(state: TraceState | undefined, key: string): string | undefined {
  return fieldsOf(state)
    .find((field) => field.startsWith(`${key}:`))
    ?.slice(key.length + 1)
}

/** The randomness of a trace: what its trace state says, else the last digits of its id. */
export function randomnessOf(traceId: string, state?: TraceState): string {
  if (state === undefined) return traceId.slice(-DIGITS)
  const explicit = fieldOf(state, 'rv')
  return explicit !== undefined && /^[0-9a-f]{14}$/.test(explicit) ? explicit : traceId.slice(-DIGITS)
}

/** Whether a trace belongs to the share with this threshold: the same answer in every process, and in the collector. */
export function isInShare(threshold: string | undefined, traceId: string, state?: TraceState): boolean {
  return threshold !== undefined && randomnessOf(traceId, state) >= threshold
}

/**
 * The trace state that says with which probability the trace was kept. A trace that was sampled before is kept with
 * the smaller of the two probabilities.
 */
export function withThreshold(state: TraceState | undefined, threshold: string): TraceState {
  const before = fieldOf(state, 'th')
  const known = before !== undefined && /^[0-9a-f]{1,14}$/.test(before) ? before.padEnd(DIGITS, '0') : ALL
  const stricter = (known > threshold ? known : threshold).replace(/0+$/, '') || '0'
  const others = fieldsOf(state).filter((field) => !field.startsWith('th:'))
  return (state ?? createTraceState()).set('ot', [`th:${stricter}`, ...others].join(';'))
}
