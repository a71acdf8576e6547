/** Attributes as they arrive: from a span in process, or decoded from OTLP. */
export type AttributeMap = Readonly<Record<string, unknown>>

/** What a reader needs of a span. */
export interface SpanInput {
  readonly name: string
  /** Name of the instrumentation scope. Some dialects can only be told by it. */
  readonly scope?: string
  readonly attributes: AttributeMap
  /** Span events; before 1.37 the messages were in them. */
  readonly events?: readonly SpanEventInput[]
}

/** One event of a span, or one log record correlated with it. */
export interface SpanEventInput {
  readonly name: string
  readonly attributes?: AttributeMap
}

/** Where attributes come from. `latest` is ours; `other` has no generative AI in it. */
export type Dialect =
  | 'latest'
  | 'gen_ai_1_41'
  | 'gen_ai_1_36'
  | 'openinference'
  | 'openllmetry'
  | 'vercel_ai'
  | 'langfuse'
  | 'anthropic'
  | 'google_adk'
  | 'mistral'
  | 'other'

/** A span's attributes in our names. */
export interface Reading {
  readonly dialect: Dialect
  /**
   * All attributes in the latest names; those that have nothing to do with the dialect are kept as they were.
   * Content is structured (messages as in the GenAI message schema), tokens are whole (input includes cached).
   * For `latest` and `other` this is the object that was handed in.
   */
  readonly attributes: Record<string, unknown>
  /** Value of `gen_ai.operation.name`, when the span is an operation. */
  readonly operation?: string
  /** Keys of the dialect for which we have no name; their values are not in `attributes`. */
  readonly unknown: readonly string[]
}
