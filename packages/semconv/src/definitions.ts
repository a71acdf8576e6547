/** How much an attribute is wanted: as OpenTelemetry defines requirement levels. */
export type RequirementLevel = 'required' | 'conditionally_required' | 'recommended' | 'opt_in'

/** What an older name became. */
export interface Deprecated {
  readonly reason: 'renamed' | 'obsoleted' | 'uncategorized'
  /** The new name, when there is exactly one. */
  readonly renamedTo?: string
  readonly note?: string
}

/** An attribute's use on a span, metric or event. */
export interface AttributeUse {
  readonly key: string
  readonly level: RequirementLevel
  /** When the level applies. */
  readonly condition?: string
  /** Samplers look at it: set it when the span is created, not later. */
  readonly samplingRelevant?: true
}

/** Type of an attribute's value; `any` is structured content. */
export type AttributeType =
  | 'string'
  | 'int'
  | 'double'
  | 'boolean'
  | 'string[]'
  | 'int[]'
  | 'double[]'
  | 'boolean[]'
  | 'any'

/** An attribute of the registry. */
export interface AttributeDefinition {
  readonly key: string
  readonly type: AttributeType
  /** True when `key` is only the beginning: `gen_ai.prompt.variable` stands for `gen_ai.prompt.variable.<name>`. */
  readonly template?: boolean
  /** Well-known values. The set is open: others are allowed. */
  readonly values?: readonly (string | number)[]
  readonly brief: string
  readonly stability: string
  readonly deprecated?: Deprecated
}

/** A metric of the registry. */
export interface MetricDefinition {
  readonly name: string
  readonly instrument: 'counter' | 'updowncounter' | 'gauge' | 'histogram'
  /** UCUM, `s`, `By`, `{token}`. */
  readonly unit: string
  readonly valueType: 'int' | 'double'
  /** Explicit bucket boundaries of a histogram, in `unit`. */
  readonly buckets?: readonly number[]
  readonly brief: string
  readonly stability: string
  readonly deprecated?: Deprecated
  readonly attributes: readonly AttributeUse[]
}

/** An event of the registry: a log record whose event name is `name`. */
export interface EventDefinition {
  readonly name: string
  /** Unset when the convention sets none. */
  readonly severity?: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL'
  readonly brief: string
  readonly stability: string
  readonly deprecated?: Deprecated
  readonly attributes: readonly AttributeUse[]
}

/** Kind of a span, as the registry writes it. */
export type SpanKindName = 'internal' | 'client' | 'server' | 'producer' | 'consumer'

/** A span of the registry. */
export interface SpanDefinition {
  readonly type: string
  /** The span type that this one refines. */
  readonly refines?: string
  /** Kinds that are allowed, the usual one first. */
  readonly kinds: readonly SpanKindName[]
  /** Words and `{attribute}` places; a place whose attribute is missing is left out with its space. */
  readonly namePattern: string
  /** Values of `gen_ai.operation.name` that this span has; empty for spans without an operation. */
  readonly operations: readonly string[]
  readonly brief: string
  readonly stability: string
  readonly attributes: readonly AttributeUse[]
}
