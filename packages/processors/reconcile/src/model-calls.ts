import {
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
} from '@agentel/semconv'

const operations: ReadonlySet<unknown> = new Set([
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
])

/** Whether a value of `gen_ai.operation.name` is one call of a model, whose tokens count. */
export function isModelCall(operation: unknown): boolean {
  return operations.has(operation)
}

/** Which spans have had a model call inside them. */
export interface ModelCalls {
  /** A model call has ended under this span. */
  add(parentSpanId: string): void
  /** Whether one has; asked once, at the end of the span, and forgotten then. */
  take(spanId: string): boolean
}

/** Remembers at most `limit` spans, the newest: those that never end must not fill the memory. */
export function rememberModelCalls(limit: number): ModelCalls {
  const parents = new Set<string>()
  return {
    add(parentSpanId) {
      parents.add(parentSpanId)
      if (parents.size <= limit) return
      const [oldest] = parents
      parents.delete(oldest!)
    },
    take: (spanId) => parents.delete(spanId),
  }
}
