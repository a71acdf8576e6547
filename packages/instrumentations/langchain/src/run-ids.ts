import type { CallContext } from './call-context.ts'

/** Where LangChain puts the ids of a call's runs, not enumerable. */
const RUN_KEY = '__run'

interface Message {
  id?: unknown
  lc_kwargs?: Record<string, unknown>
}

interface Answer extends Message {
  readonly generations?: readonly (readonly { readonly message?: Message }[])[]
}

/**
 * LangChain names messages that have no id of their own after the run, if somebody listens to it. Where that is us
 * alone, the application gets what it would have got without us.
 */
export function forgetRunIds(call: CallContext, answer: unknown): void {
  if (!call.alone || typeof answer !== 'object' || answer === null) return
  const { generations } = answer as Answer
  if (generations === undefined) return forgetId(call, answer as Message)
  for (const generation of generations.flat()) if (generation?.message !== undefined) forgetId(call, generation.message)
  if (Object.hasOwn(answer, RUN_KEY)) {
    Object.defineProperty(answer, RUN_KEY, { value: undefined, configurable: true })
  }
}

function forgetId({ ids }: CallContext, message: Message): void {
  if (!ids.some((id) => message.id === `run-${id}`)) return
  message.id = undefined
  delete message.lc_kwargs?.id
}
