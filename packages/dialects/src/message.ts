/** Part of a message, as in the GenAI message schema; the set of types is open. */
export interface Part {
  type: string
  [field: string]: unknown
}

/** A message, as in `gen_ai.input.messages` and `gen_ai.output.messages`. */
export interface Message {
  role: string
  parts: Part[]
  name?: string
  /** Only in messages written before it was deprecated. */
  finish_reason?: string
}
