import type { LogRecord } from './contract-signals.ts'
import type { SpanType } from './contract-trace.ts'

/** An attribute value as sent; bytes as `{base64}`. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | { readonly base64: string }
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue }
export type AttributeMap = Readonly<Record<string, AttributeValue>>

/** Content of a message, in the form of the GenAI conventions; unknown parts keep their fields. */
export interface MessagePart {
  readonly type:
    | 'text'
    | 'reasoning'
    | 'tool_call'
    | 'tool_call_response'
    | 'blob'
    | 'file'
    | 'uri'
    | 'compaction'
    | (string & {})
  /** text, reasoning, blob (base64) */
  readonly content?: string
  /** tool_call, tool_call_response */
  readonly id?: string
  readonly name?: string
  readonly arguments?: unknown
  readonly response?: unknown
  readonly [key: string]: unknown
}

export interface Message {
  readonly role: string
  readonly parts: readonly MessagePart[]
  readonly name?: string
  readonly finishReason?: string
}

/** One span in full. */
export interface SpanDetail {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | null
  readonly name: string
  readonly type: SpanType
  readonly kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  readonly startTime: number
  readonly duration: number
  readonly status: { readonly code: 'unset' | 'ok' | 'error'; readonly message: string | null }
  readonly errorType: string | null
  readonly traceState: string | null
  readonly agent: string | null
  readonly model: string | null
  readonly provider: string | null
  readonly tool: string | null
  readonly usage: {
    readonly inputTokens: number | null
    readonly outputTokens: number | null
    readonly cacheReadTokens: number | null
    readonly cacheWriteTokens: number | null
    readonly reasoningTokens: number | null
  }
  /** `source`: `local` means priced here. `unpriced` says why there is no amount. */
  readonly cost: {
    readonly amount: number | null
    readonly source: string | null
    readonly pricingVersion: string | null
    readonly unpriced: string | null
  }
  /** As received; names of older conventions are kept. */
  readonly attributes: AttributeMap
  /** Convention that the attributes were written in, when it is not the current one, e.g. `openinference`. */
  readonly dialect: string | null
  /** Content, read from whichever dialect it was sent in; null when none was captured. */
  readonly content: {
    readonly system: readonly MessagePart[] | null
    readonly input: readonly Message[] | null
    readonly output: readonly Message[] | null
    readonly tools:
      | readonly { readonly name: string; readonly description: string | null; readonly parameters: unknown }[]
      | null
    readonly toolArguments: AttributeValue
    readonly toolResult: AttributeValue
  }
  /** `agentel.redaction.*` of the span. */
  readonly redaction: { readonly count: number; readonly rules: readonly string[] } | null
  readonly events: readonly {
    readonly name: string
    readonly time: number
    readonly attributes: AttributeMap
    readonly droppedAttributes: number
  }[]
  readonly links: readonly { readonly traceId: string; readonly spanId: string; readonly attributes: AttributeMap }[]
  readonly resource: AttributeMap
  readonly scope: { readonly name: string; readonly version: string | null; readonly attributes: AttributeMap }
  readonly logs: readonly LogRecord[]
  readonly dropped: { readonly attributes: number; readonly events: number; readonly links: number }
}

/** The messages of a trace in time order; history that a call repeats is folded into `repeated`. */
export interface Conversation {
  readonly traceId: string
  readonly turns: readonly {
    readonly spanId: string
    readonly type: SpanType
    readonly agent: string | null
    readonly model: string | null
    readonly tool: string | null
    readonly startTime: number
    readonly duration: number
    readonly error: string | null
    /** Messages of the input that an earlier turn of the trace has shown already. */
    readonly repeated: number
    readonly messages: readonly (Message & { readonly direction: 'in' | 'out' })[]
  }[]
  /** True when the trace has model calls whose content was not captured. */
  readonly contentMissing: boolean
}
