interface StreamedChatRequest {
  readonly stream?: unknown
  readonly stream_options?: { readonly include_usage?: unknown } | null
}

/**
 * Asks for the usage of a streamed chat completion: one more chunk, with no choices, comes at the end. A caller that
 * has decided about it is left alone. Other arguments are passed on as they are.
 */
export function includeUsage(args: unknown[]): unknown[] {
  const [body, ...rest] = args
  const request = (body ?? {}) as StreamedChatRequest
  if (request.stream !== true || request.stream_options?.include_usage !== undefined) return args
  return [{ ...request, stream_options: { ...request.stream_options, include_usage: true } }, ...rest]
}
