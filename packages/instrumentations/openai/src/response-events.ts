import type { ResponsesAnswer } from './responses.ts'

interface ResponseEvent {
  readonly type?: unknown
  readonly response?: ResponsesAnswer
  readonly output_index?: number
  readonly item?: object
  readonly delta?: unknown
}

/** A response under way; `parts` are its items so far. */
interface GrowingAnswer extends ResponsesAnswer {
  readonly parts?: object[]
}

/** An item of which the text has begun and not ended. */
interface Growing {
  readonly type: 'message'
  readonly content: [{ readonly type: 'output_text'; text: string }]
}

/**
 * Adds an event of a stream to the answer so far. The last one carries all of it; what a stream that is cut has brought is
 * in the events before, and is kept only when content is captured.
 */
export function reduceResponsesEvent(answer: unknown, event: unknown, withContent: boolean): unknown {
  const { type, response, output_index: index, item, delta } = (event ?? {}) as ResponseEvent
  const { parts } = (answer ?? {}) as GrowingAnswer
  if (response !== undefined) {
    const isWhole = parts === undefined || (response.output?.length ?? 0) > 0
    return isWhole ? response : { ...response, output: present(parts), parts }
  }
  if (!withContent || typeof index !== 'number') return answer
  if (type === 'response.output_item.done' && item !== undefined) return withPart(answer, index, item)
  if (type !== 'response.output_text.delta' || typeof delta !== 'string') return answer
  const growing = parts?.[index] as Growing | undefined
  if (growing === undefined) return withPart(answer, index, textItem(delta))
  growing.content[0].text += delta
  return answer
}

function textItem(text: string): Growing {
  return { type: 'message', content: [{ type: 'output_text', text }] }
}

function withPart(answer: unknown, index: number, item: object): GrowingAnswer {
  const { parts = [], ...known } = (answer ?? {}) as { parts?: object[] } & ResponsesAnswer
  parts[index] = item
  return { ...known, output: present(parts), parts }
}

/** Items end in any order. */
function present(parts: readonly object[]): object[] {
  return parts.filter((part) => part !== undefined)
}
