import {
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
} from './generated/values.ts'

const INFERENCES: ReadonlySet<unknown> = new Set([
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
])

/** Whether a value of `gen_ai.operation.name` is an inference: a call that makes a model speak. */
export function isInference(operation: unknown): boolean {
  return INFERENCES.has(operation)
}

/**
 * Whether a value of `gen_ai.operation.name` is one call of a model, and so what tokens and cost are counted from;
 * whatever encloses those only sums them up.
 */
export function isModelCall(operation: unknown): boolean {
  return operation === GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS || INFERENCES.has(operation)
}
