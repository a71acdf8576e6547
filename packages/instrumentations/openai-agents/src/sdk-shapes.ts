/** What we read of the SDK's traces and spans. They are seen without its types: two copies and many versions share them. */

/** A trace: one call of `run()`, or what `withTrace()` puts together. */
export interface SdkTrace {
  readonly traceId: string
  readonly name?: unknown
  readonly groupId?: unknown
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** A span of the SDK. Clones of it stand for it in contexts; the id tells that they are the same. */
export interface SdkSpan {
  readonly spanId: string
  readonly traceId: string
  readonly parentId: string | null
  readonly spanData: SdkSpanData
  readonly error: SdkError | null
}

/** What a span is about; which fields it has depends on `type`, and some come only at its end. */
export interface SdkSpanData {
  readonly type: string
  readonly name?: unknown
  readonly tools?: unknown
  readonly turn?: unknown
  readonly input?: unknown
  readonly output?: unknown
  readonly model?: unknown
  readonly model_config?: Readonly<Record<string, unknown>>
  readonly usage?: unknown
  readonly response_id?: unknown
  readonly _response?: unknown
  readonly from_agent?: unknown
  readonly to_agent?: unknown
  readonly triggered?: unknown
  readonly data?: Readonly<Record<string, unknown>>
}

/** What is said of a failure. */
export interface SdkError {
  readonly message?: unknown
  readonly data?: { readonly error?: unknown } | null
}

/** What the SDK keeps in its AsyncLocalStorage; `span` changes while the run goes on. */
export interface SdkStore {
  readonly active?: boolean
  readonly trace?: SdkTrace
  readonly span?: SdkSpan
}
