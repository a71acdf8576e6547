import type { AnswerBlock, MessageAnswer } from './messages.ts'
import type { Usage } from './usage.ts'

interface MessageEvent {
  readonly type?: string
  readonly message?: MessageAnswer
  readonly index?: number
  readonly content_block?: AnswerBlock
  readonly delta?: {
    readonly stop_reason?: unknown
    readonly type?: string
    readonly text?: string
    readonly thinking?: string
    readonly partial_json?: string
  }
  readonly usage?: Usage | null
}

/** Adds an event of a stream to the message so far, so that it reads as the unstreamed message would. */
export function reduceMessageEvent(answer: unknown, event: unknown, withContent: boolean): MessageAnswer {
  const whole = (answer ?? {}) as MessageAnswer
  const part = (event ?? {}) as MessageEvent
  switch (part.type) {
    case 'message_start': {
      const { id, model, usage } = part.message ?? {}
      // What it says of the output is a placeholder: the first token.
      const { output_tokens: _first, ...known } = usage ?? {}
      return { ...whole, id, model, usage: known }
    }
    case 'message_delta':
      if (typeof part.delta?.stop_reason === 'string') whole.stop_reason = part.delta.stop_reason
      whole.usage = { ...whole.usage, ...present(part.usage) }
      return whole
    default:
      if (withContent) addToContent((whole.content ??= []), part)
      return whole
  }
}

/** Totals that do not apply are null, and replace nothing. */
function present(usage: Usage | null | undefined): Usage {
  return Object.fromEntries(Object.entries(usage ?? {}).filter(([, value]) => value !== null))
}

function addToContent(content: AnswerBlock[], { type, index = 0, content_block: started, delta }: MessageEvent): void {
  if (type === 'content_block_start' && started !== undefined) content[index] = { ...started }
  const block = content[index]
  if (block === undefined) return
  if (type === 'content_block_stop') finishBlock(block)
  if (type !== 'content_block_delta' || delta === undefined) return
  if (delta.type === 'text_delta') block.text = (block.text ?? '') + (delta.text ?? '')
  else if (delta.type === 'thinking_delta') block.thinking = (block.thinking ?? '') + (delta.thinking ?? '')
  else if (delta.type === 'input_json_delta') block.partial = (block.partial ?? '') + (delta.partial_json ?? '')
}

/** A tool call's arguments come as JSON text in pieces; what is no JSON stays text. */
function finishBlock(block: AnswerBlock): void {
  const { partial } = block
  if (partial === undefined) return
  delete block.partial
  if (partial === '') return
  try {
    block.input = JSON.parse(partial) as unknown
  } catch {
    block.input = partial
  }
}
