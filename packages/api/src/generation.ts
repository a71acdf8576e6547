import { type Attributes, SpanKind } from '@opentelemetry/api'
import {
  ATTR_AGENTEL_DURATION,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
} from '@agentel/semconv'
import { emitRequest, emitResponse } from './call-events.ts'
import { type Handle, type Runner, type SpanOptions, type Starter, type Wrapper, defineConcept } from './concept.ts'
import { defined } from './defined.ts'
import { beforeCall } from './gates.ts'
import { getAgentName } from './identity.ts'
import { setContent } from './record-content.ts'
import { type Usage, usageAttributes } from './usage.ts'

/** A call of a model that no instrumentation sees. */
export interface GenerationOptions extends SpanOptions {
  /** `openai`, `anthropic`, `aws.bedrock`, … */
  readonly provider: string
  readonly model: string
  /** `chat` by default; `text_completion`, `generate_content`. */
  readonly operation?: string
  readonly maxTokens?: number
  readonly temperature?: number
  readonly topP?: number
  readonly topK?: number
  readonly seed?: number
  readonly stopSequences?: readonly string[]
  readonly stream?: boolean
  /** `text`, `json`, `image`, `speech`, when the request asks for one. */
  readonly outputType?: string
  readonly server?: { readonly address: string; readonly port?: number }
  /** Messages, instructions and tool definitions as OpenTelemetry's schemas have them. Content. */
  readonly input?: unknown
  readonly systemInstructions?: unknown
  readonly toolDefinitions?: unknown
}

/** What a model answered. */
export interface GenerationResponse {
  readonly id?: string
  /** The model that answered; it may be more exact than the one that was asked for. */
  readonly model?: string
  /** One for each choice: `stop`, `length`, `tool_call`, … */
  readonly finishReasons?: readonly string[]
  readonly usage?: Usage
  /** Seconds, for streams. */
  readonly timeToFirstChunk?: number
  /** Messages as OpenTelemetry's schema has them. Content. */
  readonly output?: unknown
}

/** A model call under way. */
export interface GenerationHandle extends Handle {
  /** Says what the model answered; a later call adds to an earlier one. */
  response(response: GenerationResponse): void
}

const concept = defineConcept<GenerationOptions, Pick<GenerationHandle, 'response'>>({
  key: 'model',
  named: false,
  before({ operation = GEN_AI_OPERATION_NAME_VALUE_CHAT, provider, model, maxTokens }, context) {
    const agent = getAgentName(context)
    beforeCall({
      operation,
      provider,
      model,
      context,
      ...(agent === undefined ? undefined : { agent }),
      ...(maxTokens === undefined ? undefined : { maxOutputTokens: maxTokens }),
    })
  },
  describe: (options) => ({
    name: `${options.operation ?? GEN_AI_OPERATION_NAME_VALUE_CHAT} ${options.model}`,
    kind: SpanKind.CLIENT,
    attributes: requestAttributes(options),
  }),
  begin(operation, options) {
    const { context } = operation
    const known = callAttributes(options)
    let answer: GenerationResponse = {}
    setContent(operation, ATTR_GEN_AI_INPUT_MESSAGES, options.input)
    setContent(operation, ATTR_GEN_AI_SYSTEM_INSTRUCTIONS, options.systemInstructions)
    setContent(operation, ATTR_GEN_AI_TOOL_DEFINITIONS, options.toolDefinitions)
    emitRequest(known, () => options.input, context)
    return {
      methods: {
        response(response) {
          answer = { ...answer, ...response }
          operation.set(responseAttributes(response))
          setContent(operation, ATTR_GEN_AI_OUTPUT_MESSAGES, response.output)
        },
      },
      onEnd({ seconds, failure }) {
        const attributes: Attributes = {
          ...known,
          [ATTR_GEN_AI_RESPONSE_MODEL]: answer.model,
          ...usageAttributes(answer.usage ?? {}),
          [ATTR_AGENTEL_DURATION]: seconds,
          [ATTR_ERROR_TYPE]: failure?.type,
        }
        emitResponse(attributes, () => answer.output, context)
      },
    }
  },
})

function callAttributes({
  operation = GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider,
  model,
}: GenerationOptions): Attributes {
  return {
    [ATTR_GEN_AI_OPERATION_NAME]: operation,
    [ATTR_GEN_AI_PROVIDER_NAME]: provider,
    [ATTR_GEN_AI_REQUEST_MODEL]: model,
  }
}

function requestAttributes(options: GenerationOptions): Attributes {
  return {
    ...callAttributes(options),
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: options.maxTokens,
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: options.temperature,
    [ATTR_GEN_AI_REQUEST_TOP_P]: options.topP,
    [ATTR_GEN_AI_REQUEST_TOP_K]: options.topK,
    [ATTR_GEN_AI_REQUEST_SEED]: options.seed,
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: options.stopSequences,
    // Unset means that it is not a stream.
    [ATTR_GEN_AI_REQUEST_STREAM]: options.stream === true ? true : undefined,
    [ATTR_GEN_AI_OUTPUT_TYPE]: options.outputType,
    [ATTR_SERVER_ADDRESS]: options.server?.address,
    [ATTR_SERVER_PORT]: options.server?.port,
  }
}

function responseAttributes({ id, model, finishReasons, usage, timeToFirstChunk }: GenerationResponse): Attributes {
  return defined({
    [ATTR_GEN_AI_RESPONSE_ID]: id,
    [ATTR_GEN_AI_RESPONSE_MODEL]: model,
    [ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: finishReasons,
    [ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]: timeToFirstChunk,
    ...(usage === undefined ? undefined : usageAttributes(usage)),
  })
}

/**
 * A call of a model by hand: span `chat {model}`, events `agentel.request` and `agentel.response`. The gates are asked
 * first. Use it only where no instrumentation sees the call: one call is one span.
 *
 * @throws GateError when a gate stops the call; nothing is run then
 * @example
 * const answer = await generation({ provider: 'my_lab', model: 'm1', maxTokens: 500 }, async (call) => {
 *   const answer = await post(prompt)
 *   call.response({ id: answer.id, usage: { inputTokens: answer.in, outputTokens: answer.out } })
 *   return answer
 * })
 */
export const generation: Runner<GenerationOptions, GenerationHandle> = concept.run
/** Starts a model call by hand; see {@link generation}. */
export const startGeneration: Starter<GenerationOptions, GenerationHandle> = concept.start
/** Makes every call of a function a model call; see {@link generation}. */
export const wrapGeneration: Wrapper<GenerationOptions> = concept.wrap
