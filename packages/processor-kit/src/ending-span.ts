import {
  type Attributes,
  type HrTime,
  type Link,
  type Span,
  type SpanContext,
  type SpanKind,
  type SpanStatus,
  SpanStatusCode,
} from '@opentelemetry/api'
import { setPlainAttribute } from '@agentel/api'

/** An event of a span, as both SDK lines keep it. */
export interface TimedEventLike {
  readonly time: HrTime
  readonly name: string
  readonly attributes?: Attributes
}

/** A span that has ended, as far as both SDK lines agree on it. */
export interface ReadableSpanLike {
  readonly name: string
  readonly kind: SpanKind
  readonly attributes: Attributes
  readonly status: SpanStatus
  readonly events: readonly TimedEventLike[]
  readonly links: readonly Link[]
  readonly startTime: HrTime
  readonly endTime: HrTime
  readonly duration: HrTime
  readonly parentSpanContext?: SpanContext | undefined
  readonly instrumentationScope: { readonly name: string; readonly version?: string | undefined }
  readonly resource: { readonly attributes: Attributes }
  spanContext(): SpanContext
}

/** A span that is about to end: all of it can be read, and what is exported can still be changed. */
export interface EndingSpan extends ReadableSpanLike {
  readonly attributes: Readonly<Attributes>
  setAttribute(key: string, value: unknown): void
  setAttributes(attributes: Attributes): void
  /** Takes an attribute away, as if it had never been set. */
  deleteAttribute(key: string): void
  rename(name: string): void
  /** Replaces the status description; the code stays. `undefined` takes it away. */
  setStatusMessage(message: string | undefined): void
  /** A status of OK becomes unset again; an error stays one. */
  withdrawOk(): void
  /** Replaces an attribute of one of `events` or `links`; `undefined` takes it away. */
  setNestedAttribute(holder: TimedEventLike | Link, key: string, value: unknown): void
}

/** Fields that the SDK declares read-only, yet keeps in plain objects that exporters read later. */
type Writable = { name: string; attributes: Attributes; status: SpanStatus }

/**
 * The view that enrichers get.
 *
 * @param span what is read
 * @param live the same span while it still takes changes; without it (the span has ended) changes are written into
 * the objects that exporters will read
 */
export function endingSpan(span: ReadableSpanLike, live: Span | undefined): EndingSpan {
  return new EndingSpanView(span, live)
}

/**
 * A class for its getters: one is made for every span, and reads must not copy. Its fields are only declared, which
 * costs the least until V8 has optimised the code.
 */
class EndingSpanView implements EndingSpan {
  declare private readonly span: ReadableSpanLike
  declare private readonly live: Span | undefined

  constructor(span: ReadableSpanLike, live: Span | undefined) {
    this.span = span
    this.live = live
  }

  get name(): string {
    return this.span.name
  }
  get kind(): SpanKind {
    return this.span.kind
  }
  get attributes(): Readonly<Attributes> {
    return this.span.attributes
  }
  get status(): SpanStatus {
    return this.span.status
  }
  get events(): readonly TimedEventLike[] {
    return this.span.events
  }
  get links(): readonly Link[] {
    return this.span.links
  }
  get startTime(): HrTime {
    return this.span.startTime
  }
  get endTime(): HrTime {
    return this.span.endTime
  }
  get duration(): HrTime {
    return this.span.duration
  }
  get parentSpanContext(): SpanContext | undefined {
    return this.span.parentSpanContext
  }
  get instrumentationScope(): { readonly name: string; readonly version?: string | undefined } {
    return this.span.instrumentationScope
  }
  get resource(): { readonly attributes: Attributes } {
    return this.span.resource
  }
  spanContext(): SpanContext {
    return this.span.spanContext()
  }

  setAttribute(key: string, value: unknown): void {
    if (this.live !== undefined) setPlainAttribute(this.live, key, value)
    else this.span.attributes[key] = value
  }
  setAttributes(attributes: Attributes): void {
    for (const key of Object.keys(attributes)) this.setAttribute(key, attributes[key])
  }
  deleteAttribute(key: string): void {
    delete this.span.attributes[key]
  }
  rename(name: string): void {
    if (this.live !== undefined) this.live.updateName(name)
    else (this.span as Writable).name = name
  }
  setStatusMessage(message: string | undefined): void {
    const { code } = this.span.status
    ;(this.span as Writable).status = message === undefined ? { code } : { code, message }
  }
  withdrawOk(): void {
    if (this.span.status.code === SpanStatusCode.OK) (this.span as Writable).status = { code: SpanStatusCode.UNSET }
  }
  setNestedAttribute(holder: TimedEventLike | Link, key: string, value: unknown): void {
    const { attributes } = holder
    if (attributes === undefined) return
    if (value === undefined) delete attributes[key]
    else attributes[key] = value
  }
}
