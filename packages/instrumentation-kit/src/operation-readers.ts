import type { Attributes, Span } from '@opentelemetry/api'

/** What a call's arguments say. */
export interface RequestFacts {
  /** `gen_ai.request.model` */
  readonly model?: string | undefined
  readonly streaming: boolean
  /** Everything that the sampler does not need. */
  readonly attributes: Attributes
}

/** Where a call goes. */
export interface Destination {
  /** `gen_ai.provider.name` */
  readonly provider: string
  readonly address?: string | undefined
  readonly port?: number | undefined
}

/** Message content, in the shapes of OpenTelemetry's JSON schemas, by attribute name. */
export type Content = Readonly<Record<string, unknown>>

/** How an answer came to its end: whole, cut by an error, or cut because the caller went away. */
export type Outcome = 'complete' | 'failed' | 'left'

/**
 * One operation of an SDK, as pure functions: what is read from a request, from an answer, and how the chunks of a
 * stream add up to the answer that an unstreamed call would have given. All are called inside `guard()`.
 */
export interface OperationReaders {
  /** In names of faults and mutants: `openai.chat`. */
  readonly name: string
  /** `gen_ai.operation.name` */
  readonly operation: string
  /**
   * The span that the SDK makes of its own for this call, or the beginning of the scope under which it will start it
   * inside the method. That span is given what is read here, and no second one is started.
   */
  readonly readOwnSpan?: (self: unknown, args: readonly unknown[]) => Span | string | undefined
  /**
   * Arguments that make the SDK use this span in place of one of its own. It records nothing: the call has a span
   * already, of an outer instrumentation.
   */
  readonly replaceOwnSpan?: (args: readonly unknown[], span: Span) => unknown[]
  /** The span is named by the operation alone, also when a model is known. */
  readonly nameWithoutModel?: boolean
  readonly readDestination: (self: unknown) => Destination
  readonly readRequest: (args: readonly unknown[], destination: Destination) => RequestFacts
  readonly readResponse: (response: unknown, destination: Destination, outcome: Outcome) => Attributes
  /** For answers that say in their body that the call failed; the SDK gives them to the caller as a success. */
  readonly readFailure?: (response: unknown) => { type: string; message: string } | undefined
  /** Adds a chunk to the answer so far. `withContent` false: texts need not be kept. */
  readonly reduceChunk?: (answer: unknown, chunk: unknown, withContent: boolean) => unknown
  /** Called only when content is captured. */
  readonly readInput?: (args: readonly unknown[]) => Content
  /** Called only when content is captured. */
  readonly readOutput?: (response: unknown) => Content
  /** Changes what is sent. Only ever because the user set an option that says so. */
  readonly prepareArguments?: (args: unknown[]) => unknown[]
  /** What the method returns when a gate stops the call: a rejected promise of the SDK's own kind. */
  readonly reject: (self: unknown, error: unknown) => unknown
}
