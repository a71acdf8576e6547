import type { DatabaseSync } from 'node:sqlite'
import {
  AGENTEL_EVENT_STAGE_VALUE_COMPLETED,
  AGENTEL_EVENT_STAGE_VALUE_ERROR,
  AGENTEL_EVENT_STAGE_VALUE_PUBLISHED,
  AGENTEL_EVENT_STAGE_VALUE_RECEIVED,
} from '@agentel/semconv'
import type { EventStage } from '../api/contract.ts'
import { TEXT_SLOTS, type TextKey } from '../otlp/promoted-keys.ts'
import type { ScannedSpan } from '../otlp/scanned-span.ts'
import { WORK_DIMS } from './codes.ts'
import type { Dictionary } from './dictionary.ts'

const TEXT = Object.fromEntries(TEXT_SLOTS.map((key, slot) => [key, slot])) as Record<TextKey, number>

/** Stages of an event in the order of their numbers in the store. Only ever append. */
export const EVENT_STAGES: readonly EventStage[] = [
  AGENTEL_EVENT_STAGE_VALUE_PUBLISHED,
  AGENTEL_EVENT_STAGE_VALUE_RECEIVED,
  AGENTEL_EVENT_STAGE_VALUE_COMPLETED,
  AGENTEL_EVENT_STAGE_VALUE_ERROR,
]
/** OTLP's number of a producer's span. */
const PRODUCER = 4
const FAILED = 2

/** Where a span is. */
export interface WorkPlace {
  readonly tr: number
  readonly spanId: Uint8Array
  readonly parent: Uint8Array | null
  readonly service: number
}

/** The writer's side of the `work` table: a row for each event that was published or handled and each execution of a worker; see {@link isWork}. */
export type WorkWriter = (span: ScannedSpan, place: WorkPlace) => void

/** A failed span is an error whatever it says; one that does not say its stage is told by its kind. */
function stageOf(span: ScannedSpan, handled: boolean): number {
  if (span.status === FAILED) return EVENT_STAGES.indexOf('error')
  const said = EVENT_STAGES.indexOf(span.texts[TEXT.stage] as EventStage)
  return said >= 0 ? said : EVENT_STAGES.indexOf(handled ? 'completed' : 'published')
}

/** Whether a span is of a published or handled event, or an execution of a worker. */
export function isWork({ texts }: ScannedSpan): boolean {
  return texts[TEXT.event] !== '' || texts[TEXT.worker] !== ''
}

/** Opens the table for writing. */
export function openWorkWriter(db: DatabaseSync, dictionary: Dictionary): WorkWriter {
  const insert = db.prepare(`INSERT OR IGNORE INTO work VALUES(${Array.from({ length: 11 }, () => '?').join(', ')})`)
  return (span, { tr, spanId, parent, service }) => {
    const { texts } = span
    const event = texts[TEXT.event]!
    const worker = texts[TEXT.worker]!
    const handled = event === '' || span.kind !== PRODUCER
    const add = (dim: number, name: string): void => {
      const duration = Math.max(0, span.endMicros - span.startMicros)
      insert.run(
        dim,
        dictionary.id(name),
        span.startMicros,
        tr,
        spanId,
        handled ? 1 : 0,
        stageOf(span, handled),
        duration,
        service,
        parent,
        texts[TEXT.transaction]! || null,
      )
    }
    if (event !== '') add(WORK_DIMS.event, event)
    if (worker !== '') add(WORK_DIMS.worker, worker)
  }
}
