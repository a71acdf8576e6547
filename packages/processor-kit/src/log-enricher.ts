import type { Attributes, Context, HrTime } from '@opentelemetry/api'
import { guard } from '@agentel/api'
import { type Enricher, all } from './enricher.ts'

/** A log record that is being written, as far as both SDK lines agree on it: it can still be changed. */
export interface EditableLogRecord {
  readonly eventName?: string | undefined
  readonly attributes: Readonly<Attributes>
  readonly body?: unknown
  readonly severityNumber?: number | undefined
  /** When it happened. */
  readonly hrTime?: HrTime | undefined
  readonly resource: { readonly attributes: Attributes }
  readonly instrumentationScope: { readonly name: string; readonly version?: string | undefined }
  setAttribute(key: string, value: unknown): void
  /** Takes an attribute away, as if it had never been set. */
  deleteAttribute(key: string): void
  setBody(body: unknown): void
}

/** The SDK's record, by shape. */
export interface LogRecordLike {
  readonly eventName?: string | undefined
  readonly attributes: Attributes
  readonly body?: unknown
  readonly severityNumber?: number | undefined
  readonly hrTime?: HrTime | undefined
  readonly resource: { readonly attributes: Attributes }
  readonly instrumentationScope: { readonly name: string; readonly version?: string | undefined }
  setAttribute(key: string, value?: unknown): unknown
  setBody(body: unknown): unknown
}

/** A LogRecordProcessor of either SDK line, by shape. */
export interface LogRecordProcessorLike {
  onEmit(record: LogRecordLike, context?: Context): void
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
}

/**
 * One log record processor that runs the `onLog` of the enrichers in the given order. It must stand before the
 * exporting one: processors see a record in the order in which they were registered.
 */
export function enricherLogProcessor(enrichers: readonly Enricher[]): LogRecordProcessorLike {
  const logging = enrichers.filter((enricher) => enricher.onLog !== undefined)
  return {
    onEmit(record, context) {
      if (logging.length === 0) return
      const editable = new EditableLogRecordView(record)
      for (const enricher of logging) guard(`${enricher.name}.onLog`, () => enricher.onLog!(editable, context))
    },
    forceFlush: () => all(logging, 'forceFlush'),
    shutdown: () => all(logging, 'shutdown'),
  }
}

class EditableLogRecordView implements EditableLogRecord {
  readonly #record: LogRecordLike

  constructor(record: LogRecordLike) {
    this.#record = record
  }

  get eventName(): string | undefined {
    return this.#record.eventName
  }
  get attributes(): Readonly<Attributes> {
    return this.#record.attributes
  }
  get body(): unknown {
    return this.#record.body
  }
  get severityNumber(): number | undefined {
    return this.#record.severityNumber
  }
  get hrTime(): HrTime | undefined {
    return this.#record.hrTime
  }
  get resource(): { readonly attributes: Attributes } {
    return this.#record.resource
  }
  get instrumentationScope(): { readonly name: string; readonly version?: string | undefined } {
    return this.#record.instrumentationScope
  }
  setAttribute(key: string, value: unknown): void {
    this.#record.setAttribute(key, value)
  }
  deleteAttribute(key: string): void {
    // The SDK has no call for it; its attributes are a plain object.
    delete this.#record.attributes[key]
  }
  setBody(body: unknown): void {
    this.#record.setBody(body)
  }
}
