import type { AnswerEvent } from './events.ts'

/** An answer while its stream is read. */
interface GrowingAnswer extends AnswerEvent {
  readonly texts: Map<string, { type: string; text: string }>
  readonly content: unknown[]
}

/** What a model of `ai` 5 or 6 gave, unstreamed, as the events of 7 tell it. */
export function answerOf(result: unknown): AnswerEvent {
  const { content, finishReason, response, usage, providerMetadata, responseData } = recordOf(result)
  return {
    content,
    finishReason: finishReasonOf(finishReason),
    response: recordOf(response ?? responseData),
    usage: usageOf(usage, providerMetadata),
  }
}

/** Adds a part of a model's stream to the answer so far. */
export function addPart(answer: unknown, part: unknown, withContent: boolean): AnswerEvent {
  const growing = (answer ?? { texts: new Map(), content: [] }) as {
    -readonly [K in keyof GrowingAnswer]: GrowingAnswer[K]
  }
  const { type, id, delta, finishReason, usage, providerMetadata, modelId } = recordOf(part)
  if (type === 'response-metadata') growing.response = { id, modelId }
  else if (type === 'finish') {
    growing.finishReason ??= finishReasonOf(finishReason)
    growing.usage = usageOf(usage, providerMetadata)
  } else if (type === 'error') growing.finishReason = 'error'
  else if (!withContent) return growing
  else if (typeof delta === 'string' && (type === 'text-delta' || type === 'reasoning-delta'))
    addText(growing, String(type), String(id), String(delta))
  else if (type === 'tool-call' && 'toolName' in (part as object)) growing.content.push(part)
  return growing
}

function addText(answer: GrowingAnswer, type: string, id: string, delta: string): void {
  const key = `${type} ${id}`
  const known = answer.texts.get(key)
  if (known !== undefined) return void (known.text += delta)
  const text = { type: type.replace('-delta', ''), text: delta }
  answer.texts.set(key, text)
  answer.content.push(text)
}

/** 6 tells the provider's own word beside it. */
function finishReasonOf(reason: unknown): unknown {
  return isRecord(reason) ? reason.unified : reason
}

/** 6 tells totals and parts, 5 flat counts. */
function usageOf(usage: unknown, metadata: unknown): NonNullable<AnswerEvent['usage']> {
  const { inputTokens: input, outputTokens: output, cachedInputTokens, reasoningTokens } = recordOf(usage)
  if (isRecord(input) && isRecord(output))
    return {
      inputTokens: input.total,
      outputTokens: output.total,
      inputTokenDetails: { cacheReadTokens: input.cacheRead, cacheWriteTokens: input.cacheWrite },
      outputTokenDetails: { reasoningTokens: output.reasoning },
      raw: recordOf(usage).raw,
    }
  const raw = recordOf(recordOf(recordOf(metadata).anthropic).usage)
  const { cache_read_input_tokens, cache_creation_input_tokens } = raw
  const cacheWriteTokens = numberOf(cache_creation_input_tokens)
  const cacheReadTokens = numberOf(cachedInputTokens) ?? numberOf(cache_read_input_tokens)
  // In 5 the input of Anthropic leaves out what went through the cache.
  const besides = cache_creation_input_tokens === undefined ? 0 : (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0)
  const counted = numberOf(input)
  return {
    inputTokens: counted === undefined ? undefined : counted + besides,
    outputTokens: output,
    inputTokenDetails: { cacheReadTokens, cacheWriteTokens },
    outputTokenDetails: { reasoningTokens },
    raw,
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {}
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && !Number.isNaN(value) ? value : undefined
}
