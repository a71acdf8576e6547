import { type Attributes, SpanKind } from '@opentelemetry/api'
import { type FailOptions, startOperation } from '@agentel/api'
import { aiProviderName, setNumber, setPart, setString, withCallOwner } from '@agentel/instrumentation-kit'
import {
  ATTR_AGENTEL_TURN_NUMBER,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
} from '@agentel/semconv'
import { failAsTold } from './describe-sdk-error.ts'
import type { Entry } from './run-registry.ts'
import type { SdkSpan } from './sdk-shapes.ts'
import type { Start } from './spans.ts'

/**
 * A model call is one `chat {model}`, started here. The client below, if it is instrumented, knows more of it than the
 * SDK tells: it completes this span. Otherwise it has what the SDK tells.
 */
export function startModelCall({ run, parent, turn, tracer }: Start): Entry {
  const attributes: Attributes = {
    [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_CHAT,
    [ATTR_GEN_AI_PROVIDER_NAME]: GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  }
  setNumber(attributes, ATTR_AGENTEL_TURN_NUMBER, turn)
  const operation = startOperation({ name: 'chat', kind: SpanKind.CLIENT, attributes, parent, tracer })
  let completed = false
  let failed = false
  const set = (more: Attributes): void => {
    const model = more[ATTR_GEN_AI_REQUEST_MODEL]
    if (typeof model === 'string') operation.rename(`chat ${model}`)
    operation.set(more)
  }
  const owner = {
    name: 'openai-agents',
    span: operation.span,
    enrich(more: Attributes) {
      completed = true
      set(more)
    },
    fail(error: unknown, options?: FailOptions) {
      failed = true
      operation.fail(error, options)
    },
  }
  return {
    context: withCallOwner(operation.context, owner),
    end(ended) {
      if (ended !== undefined) run.calls.ask(answerOf(ended))
      if (!completed && ended !== undefined) set(toldAttributes(ended))
      if (!failed) failAsTold(operation, ended?.error)
      operation.end()
    },
  }
}

interface Answer {
  readonly id?: unknown
  readonly model?: unknown
  readonly usage?: Usage | null
}

interface Usage {
  readonly input_tokens?: unknown
  readonly output_tokens?: unknown
  readonly prompt_tokens?: unknown
  readonly completion_tokens?: unknown
  readonly input_tokens_details?: Details | Details[]
  readonly output_tokens_details?: Details | Details[]
}

interface Details {
  readonly cached_tokens?: unknown
  readonly reasoning_tokens?: unknown
}

/** The answer, where the application lets the SDK trace content: of a response, or the first of a generation. */
function answerOf({ spanData }: SdkSpan): Answer {
  const first: unknown = Array.isArray(spanData.output) ? spanData.output[0] : undefined
  return (spanData._response ?? first ?? {}) as Answer
}

/** What the SDK's own span tells of a model call. */
function toldAttributes(span: SdkSpan): Attributes {
  const { model, model_config: settings, response_id: id, usage: given } = span.spanData
  const answer = answerOf(span)
  const usage = (given ?? answer.usage ?? {}) as Usage
  const attributes: Attributes = {}
  setString(attributes, ATTR_GEN_AI_REQUEST_MODEL, modelName(model, settings?.provider) ?? answer.model)
  // Of another provider than OpenAI the adapter to `ai` tells.
  if (typeof settings?.provider === 'string') attributes[ATTR_GEN_AI_PROVIDER_NAME] = aiProviderName(settings.provider)
  setString(attributes, ATTR_GEN_AI_RESPONSE_MODEL, answer.model)
  setString(attributes, ATTR_GEN_AI_RESPONSE_ID, id ?? answer.id)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_TEMPERATURE, settings?.temperature)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_TOP_P, settings?.top_p)
  setNumber(attributes, ATTR_GEN_AI_USAGE_INPUT_TOKENS, usage.input_tokens ?? usage.prompt_tokens)
  setNumber(attributes, ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, usage.output_tokens ?? usage.completion_tokens)
  const [input] = [usage.input_tokens_details].flat()
  const [output] = [usage.output_tokens_details].flat()
  setPart(attributes, ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, input?.cached_tokens)
  setPart(attributes, ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, output?.reasoning_tokens)
  return attributes
}

/** The adapter to `ai` puts the provider before the model's name. */
function modelName(model: unknown, provider: unknown): unknown {
  const start = `${String(provider)}:`
  return typeof model === 'string' && model.startsWith(start) ? model.slice(start.length) : model
}
