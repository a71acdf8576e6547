import type { BodyResult, Signal } from '../store/store.ts'
import type { Writer } from '../store/writer.ts'
import { encodeMessage } from '../otlp/encode.ts'
import { EXPORT_RESPONSES } from '../otlp/responses.ts'

/** Counts of what came in, for the status. */
export interface IntakeCounts {
  requests: number
  bytes: number
  duplicates: number
  readonly received: Record<Signal, number>
  /** Reason to number. */
  readonly rejected: Map<string, number>
  /** What is wrong with the store at present. */
  fault: string | null
}

/** The outcome of a request, for either transport. `retryAfter` in seconds. */
export type IntakeAnswer =
  | { readonly kind: 'accepted'; readonly response: IntakeResponse }
  | { readonly kind: 'malformed'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: string; readonly retryAfter: number }

/** An OTLP export response; `partialSuccess` only where something was left out. */
export interface IntakeResponse {
  readonly json: string
  readonly protobuf: Buffer
}

/** Requests that may be read at a time: each may hold a whole body in memory, packed and unpacked. */
const MAX_OPEN = 64

/** The answer to a request that is one too many. */
export const BUSY: Extract<IntakeAnswer, { kind: 'unavailable' }> = {
  kind: 'unavailable',
  reason: 'more is arriving than can be written; try again',
  retryAfter: 1,
}

/** Takes bodies from the transports to the store. */
export interface Intake {
  readonly counts: IntakeCounts
  /** Runs the reading of a request, unless too many are open: then {@link BUSY}. */
  admit<T>(read: () => Promise<T>): Promise<T | typeof BUSY>
  accept(signal: Signal, encoding: 'protobuf' | 'json', bytes: Buffer): Promise<IntakeAnswer>
  reject(reason: string, n?: number): void
}

const REJECTED_FIELD: Readonly<Record<Signal, string>> = {
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
}

const EMPTY: IntakeResponse = { json: '{"partialSuccess":{}}', protobuf: Buffer.alloc(0) }

function responseOf(signal: Signal, invalid: number): IntakeResponse {
  if (invalid === 0) return EMPTY
  const partialSuccess = {
    [REJECTED_FIELD[signal]]: String(invalid),
    errorMessage: `${invalid} without a valid trace id (16 bytes, not all zero) and span id (8 bytes, not all zero)`,
  }
  return {
    json: JSON.stringify({ partialSuccess }),
    protobuf: encodeMessage(EXPORT_RESPONSES[signal], { partialSuccess }),
  }
}

/** Opens the intake over a writer. */
export function openIntake(writer: Pick<Writer, 'write'>, onFault: (fault: string | null) => void): Intake {
  const counts: IntakeCounts = {
    requests: 0,
    bytes: 0,
    duplicates: 0,
    received: { traces: 0, metrics: 0, logs: 0 },
    rejected: new Map(),
    fault: null,
  }
  const reject = (reason: string, n = 1): void =>
    void counts.rejected.set(reason, (counts.rejected.get(reason) ?? 0) + n)
  const setFault = (fault: string | null): void => {
    if (counts.fault === fault) return
    counts.fault = fault
    onFault(fault)
  }
  const answer = (signal: Signal, result: BodyResult): IntakeAnswer => {
    if (result.outcome === 'malformed') {
      reject('bad_body')
      return { kind: 'malformed', reason: result.reason }
    }
    if (result.outcome === 'fault') {
      reject('store_fault')
      setFault(result.reason)
      return { kind: 'unavailable', reason: result.reason, retryAfter: 10 }
    }
    setFault(null)
    counts.received[signal] += result.items
    counts.duplicates += result.duplicates
    if (result.invalid > 0) reject('invalid_span', result.invalid)
    return { kind: 'accepted', response: responseOf(signal, result.invalid) }
  }
  let open = 0
  return {
    counts,
    reject,
    async admit(read) {
      if (open >= MAX_OPEN) {
        reject('busy')
        return BUSY
      }
      open++
      try {
        return await read()
      } finally {
        open--
      }
    },
    async accept(signal, encoding, bytes) {
      counts.requests++
      counts.bytes += bytes.length
      const written = writer.write(signal, encoding, bytes)
      if (written === undefined) {
        reject('busy')
        return BUSY
      }
      return answer(signal, await written)
    },
  }
}
