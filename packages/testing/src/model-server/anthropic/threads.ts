import type { Services } from '../protocol.ts'
import type { ContentBlock } from './messages.ts'

/** The body of a request, as parsed. */
export type RequestBody = Readonly<Record<string, unknown>>

const MAX_THREADS = 1000
const keyOf = (messageId: unknown): string => `thread ${String(messageId)}`

/**
 * A request that goes on from an earlier answer sends only what is new (the tool runner of 1.x does): here it is whole
 * again. One whose thread is not known stays as it is, and is refused for what it lacks.
 */
export function continueThread(body: RequestBody, { stored }: Services): RequestBody {
  const thread = body['thread'] as { type?: unknown; previous_message_id?: unknown } | undefined
  const known = thread?.type === 'continue' ? stored.get(keyOf(thread.previous_message_id)) : undefined
  if (known === undefined || !Array.isArray(body['messages'])) return body
  return { ...known, ...body, messages: [...(known['messages'] as unknown[]), ...(body['messages'] as unknown[])] }
}

/** Remembers the conversation of a thread by the id of its last answer. */
export function keepThread(
  body: RequestBody,
  { id, content }: { readonly id: string; readonly content: readonly ContentBlock[] },
  { stored }: Services,
): void {
  if (body['thread'] === undefined) return
  const { system, tools, messages } = body
  stored.set(keyOf(id), { system, tools, messages: [...(messages as unknown[]), { role: 'assistant', content }] })
  if (stored.size > MAX_THREADS) stored.delete(stored.keys().next().value!)
}
