import type { ModelRequest, Reply } from '@agentel/testing/model-server'

/** Trouble that can be brought into the demo, to see how it is reported. */
export const FAULT_KINDS = ['tool-outage', 'loop', 'token-blowup', 'silent-agent', 'slow-model'] as const

export type FaultKind = (typeof FAULT_KINDS)[number]

/** A fault, and the number of questions that are answered before it begins. */
export interface InjectedFault {
  readonly kind: FaultKind
  readonly after: number
}

/** What an answer becomes while the fault lasts. */
type Change = (label: string, request: ModelRequest, reply: Reply) => Reply

const CHANGES: Readonly<Record<FaultKind, Change>> = {
  // The library's pages are gone: every one that is asked for.
  'tool-outage': (_label, _request, reply) => ({
    ...reply,
    ...(reply.toolCalls && { toolCalls: reply.toolCalls.map(withoutPage) }),
  }),
  // The researcher never has enough.
  loop: (label, _request, reply) =>
    label === 'researcher'
      ? { toolCalls: [{ name: 'search_library', arguments: { query: 'more', limit: 3 } }] }
      : reply,
  // Somebody puts the whole library into every prompt.
  'token-blowup': (label, _request, reply) =>
    label === 'critic' ? { ...reply, usage: { ...reply.usage, inputTokens: 4000 } } : reply,
  // The guardrail lets nobody through: those behind it have nothing to do.
  'silent-agent': (label, _request, reply) =>
    label === 'guardrail'
      ? { ...reply, text: JSON.stringify({ allowed: false, category: 'none', reason: 'Out of order.' }) }
      : reply,
  'slow-model': (label, _request, reply) =>
    label === 'writer' ? { ...reply, delay: 600 + 12 * (reply.delay ?? 0) } : reply,
}

function withoutPage(call: NonNullable<Reply['toolCalls']>[number]): NonNullable<Reply['toolCalls']>[number] {
  return call.name === 'fetch_page' ? { ...call, arguments: { url: 'https://gone.example/' } } : call
}

/** Changes answers from the given question on; each question is known by its first call, the guardrail's. */
export function injector(fault: InjectedFault | undefined): Change {
  let questions = 0
  return (label, request, reply) => {
    if (label === 'guardrail' && request.attempt === 0) questions++
    return fault !== undefined && questions > fault.after ? CHANGES[fault.kind](label, request, reply) : reply
  }
}
