/** A tool call that the model asked for. */
interface AskedCall {
  readonly id: string
  readonly name: unknown
  readonly arguments: unknown
}

/** The calls that a model asked for and that have not been carried out yet. The SDK's spans do not tell their ids. */
export interface ToolCalls {
  /** Remembers what an answer asks for: a response, or a chat completion. */
  ask(answer: unknown): void
  /** The id of the call that a tool's span stands for; each is given once. */
  take(name: unknown, input: unknown): string | undefined
}

interface Answer {
  readonly output?: readonly Item[]
  readonly choices?: readonly { readonly message?: { readonly tool_calls?: readonly Item[] } }[]
}

interface Item {
  readonly type?: unknown
  readonly id?: unknown
  readonly call_id?: unknown
  readonly name?: unknown
  readonly arguments?: unknown
  readonly function?: { readonly name?: unknown; readonly arguments?: unknown }
}

/** Handoffs are asked for as calls too, and are never taken. */
const MAX_ASKED = 200

/** Nothing asked yet. */
export function toolCalls(): ToolCalls {
  let asked: AskedCall[] = []
  return {
    ask(answer) {
      asked = [...asked, ...callsOf((answer ?? {}) as Answer)].slice(-MAX_ASKED)
    },
    take(name, input) {
      const named = asked.filter((call) => call.name === name)
      const found = named.find((call) => call.arguments === input) ?? (named.length === 1 ? named[0] : undefined)
      if (found !== undefined) asked = asked.filter((call) => call !== found)
      return found?.id
    },
  }
}

function callsOf({ output, choices }: Answer): AskedCall[] {
  const inResponse = (Array.isArray(output) ? (output as readonly Item[]) : [])
    .filter(({ type }) => type === 'function_call')
    .map((item) => ({ id: item.call_id, name: item.name, arguments: item.arguments }))
  const inChat = (Array.isArray(choices) ? (choices as NonNullable<Answer['choices']>) : [])
    .flatMap(({ message }) => message?.tool_calls ?? [])
    .map((item) => ({ id: item.id, name: item.function?.name, arguments: item.function?.arguments }))
  return [...inResponse, ...inChat].filter((call): call is AskedCall => typeof call.id === 'string')
}
