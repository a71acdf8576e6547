import { PRICE_TABLE_VERSION } from '@agentel/prices'
import { statSync } from 'node:fs'
import type { ConsoleStatus, SignalCounts } from '../api/contract.ts'
import { SCHEMA_VERSION } from '../store/schema.ts'
import type { Reader } from './reader.ts'

/** What only the running server knows. */
export interface RuntimeStatus {
  readonly version: string
  readonly startTime: number
  readonly endpoints: ConsoleStatus['endpoints']
  readonly file: string
  readonly fault: string | null
  readonly maxAge: number | null
  readonly maxErrorAge: number | null
  readonly keepShare: number
  readonly maxMetricAge: number | null
  readonly maxBytes: number | null
  readonly received: ConsoleStatus['received']
  readonly liveClients: number
}

function fileBytes(file: string): number {
  let bytes = 0
  for (const suffix of ['', '-wal']) {
    try {
      bytes += statSync(file + suffix).size
    } catch {
      // No write-ahead log at the moment.
    }
  }
  return bytes
}

/** How much the store has taken in its life. */
export function storedCounts(reader: Reader): SignalCounts & { readonly deletedTraces: number } {
  const counts = Object.fromEntries(
    reader.rows('SELECT name, value FROM counters').map(([name, value]) => [String(name), Number(value)]),
  )
  const count = (name: string): number => counts[name] ?? 0
  return {
    spans: count('spans'),
    logs: count('logs'),
    metricPoints: count('metricPoints'),
    deletedTraces: count('deletedTraces'),
  }
}

/** `GET /api/status` */
export function consoleStatus(reader: Reader, runtime: RuntimeStatus): ConsoleStatus {
  const { deletedTraces, ...stored } = storedCounts(reader)
  const bounds = reader.row(
    'SELECT (SELECT min(start) FROM traces), (SELECT max(start) FROM traces), (SELECT count(*) FROM traces)',
  )
  const millis = (value: unknown): number | null =>
    value === null || value === undefined ? null : Number(value) / 1000
  return {
    version: runtime.version,
    startTime: runtime.startTime,
    now: Date.now(),
    endpoints: runtime.endpoints,
    store: {
      file: runtime.file,
      bytes: fileBytes(runtime.file),
      schemaVersion: SCHEMA_VERSION,
      traces: Number(bounds?.[2] ?? 0),
      stored,
      oldest: millis(bounds?.[0]),
      newest: millis(bounds?.[1]),
      fault: runtime.fault,
    },
    retention: {
      maxAge: runtime.maxAge,
      maxErrorAge: runtime.maxErrorAge,
      keepShare: runtime.keepShare,
      maxMetricAge: runtime.maxMetricAge,
      maxBytes: runtime.maxBytes,
      deletedTraces,
    },
    received: runtime.received,
    pricing: { version: PRICE_TABLE_VERSION },
    liveClients: runtime.liveClients,
  }
}
