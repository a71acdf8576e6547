/** What we read of the events of `ai` 7; every field may be missing. */
export interface CallEvent {
  readonly callId?: string
  readonly operationId?: string
  readonly functionId?: string
  readonly provider?: string
  readonly modelId?: string
  readonly tools?: unknown
  readonly output?: unknown
  readonly error?: unknown
  readonly reason?: unknown
}

/** A request to a language model, or to one that embeds or ranks. */
export interface ModelCallEvent extends CallEvent {
  readonly embedCallId?: string
  readonly instructions?: unknown
  readonly system?: unknown
  readonly messages?: unknown
  readonly promptMessages?: unknown
  readonly maxOutputTokens?: unknown
  readonly temperature?: unknown
  readonly topP?: unknown
  readonly topK?: unknown
  readonly presencePenalty?: unknown
  readonly frequencyPenalty?: unknown
  readonly stopSequences?: unknown
  readonly seed?: unknown
  /** Ours: what the operation around it says. */
  readonly streaming?: boolean
  /** Ours: what the answer has to be. */
  readonly outputType?: string | undefined
}

/** What a model answered. */
export interface AnswerEvent extends CallEvent {
  readonly embedCallId?: string
  readonly finishReason?: unknown
  readonly usage?: {
    readonly inputTokens?: unknown
    readonly outputTokens?: unknown
    readonly tokens?: unknown
    readonly inputTokenDetails?: { readonly cacheReadTokens?: unknown; readonly cacheWriteTokens?: unknown }
    readonly outputTokenDetails?: { readonly reasoningTokens?: unknown }
    /** As the provider told it. */
    readonly raw?: unknown
  }
  readonly content?: unknown
  readonly objectText?: unknown
  readonly responseId?: unknown
  readonly response?: { readonly id?: unknown; readonly modelId?: unknown }
  readonly request?: { readonly url?: unknown }
  readonly performance?: { readonly timeToFirstOutputMs?: unknown }
  readonly msToFirstChunk?: unknown
  readonly embeddings?: unknown
}

/** A tool that is run. */
export interface ToolEvent {
  readonly callId?: string
  readonly toolCallId?: string
  readonly toolCall?: { readonly toolCallId?: string; readonly toolName?: string; readonly input?: unknown }
  readonly toolOutput?: { readonly type?: unknown; readonly output?: unknown; readonly error?: unknown }
  readonly recordInputs?: boolean
  readonly recordOutputs?: boolean
}
