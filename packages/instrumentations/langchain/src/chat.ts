import type { Attributes } from '@opentelemetry/api'
import {
  type Content,
  type Destination,
  type OperationReaders,
  type Outcome,
  type RequestFacts,
  setNumber,
  setString,
  setStrings,
} from '@agentel/instrumentation-kit'
import {
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
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
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
} from '@agentel/semconv'
import type { Metadata } from './events.ts'
import { chatInput, completionInput, readAnswer } from './messages.ts'
import type { ModelTold } from './model-run.ts'
import { providerOf } from './provider-name.ts'
import { type Message, setUsage, type TokenUsage } from './usage.ts'

/** A call of a model that starts, with the model itself. */
export interface ModelEvent extends ModelTold {
  readonly self: unknown
  readonly streaming: boolean
}

/** What came of it. */
export interface AnswerEvent {
  readonly result: ModelResult | undefined
  /** What the client below has completed, and knows better. */
  readonly known: ReadonlySet<string>
  /** The answer came in pieces although it was asked for as a whole; seconds to the first. */
  readonly streamed: { readonly first: number } | undefined
}

/** LangChain's `LLMResult`, of one prompt. */
export interface ModelResult {
  readonly generations?: readonly (readonly Generation[])[]
  readonly llmOutput?: { readonly tokenUsage?: TokenUsage; readonly id?: unknown } | null
}

/** One choice. */
export interface Generation {
  readonly text?: unknown
  readonly message?: Message
  readonly generationInfo?: Readonly<Record<string, unknown>> | null
}

const shared = {
  readDestination: (event: unknown): Destination => ({ provider: providerOf(event as ModelEvent) }),
  readRequest,
  readResponse,
  readOutput,
  // Nothing calls it: what is told of has begun already.
  reject: (_event: unknown, error: unknown) => Promise.reject(error),
}

/** A call of a chat model. */
export const chat: OperationReaders = {
  ...shared,
  name: 'langchain.chat',
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  readInput: ([event]) => chatInput(event as ModelEvent),
}

/** A call of a model that continues texts. */
export const completion: OperationReaders = {
  ...shared,
  name: 'langchain.completion',
  operation: GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  readInput: ([event]) => completionInput(event as ModelEvent),
}

/** Where a request's parameters are: those of the call, and what LangChain knows of the model. */
function parametersOf({ extra, metadata, self }: ModelEvent): [call: Metadata, ls: Metadata, model: Metadata] {
  const { invocation_params: call } = (extra ?? {}) as { invocation_params?: Metadata }
  return [call ?? {}, metadata ?? {}, (self ?? {}) as Metadata]
}

function readRequest([event]: readonly unknown[]): RequestFacts {
  const [call, ls, model] = parametersOf(event as ModelEvent)
  const attributes: Attributes = {}
  setNumber(
    attributes,
    ATTR_GEN_AI_REQUEST_MAX_TOKENS,
    ls.ls_max_tokens ?? call.max_tokens ?? call.max_completion_tokens ?? call.max_output_tokens,
  )
  setNumber(attributes, ATTR_GEN_AI_REQUEST_TEMPERATURE, ls.ls_temperature ?? call.temperature)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_TOP_P, call.top_p)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_TOP_K, call.top_k)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY, call.frequency_penalty)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY, call.presence_penalty)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_SEED, call.seed)
  setStrings(attributes, ATTR_GEN_AI_REQUEST_STOP_SEQUENCES, ls.ls_stop ?? call.stop)
  const names = [ls.ls_model_name, call.model, call.model_name, model.model, model.modelName]
  const name = names.find((one) => typeof one === 'string' && one !== '')
  return { model: name as string | undefined, streaming: (event as ModelEvent).streaming, attributes }
}

function readResponse(event: unknown, _destination: unknown, _outcome: Outcome): Attributes {
  const { result, known, streamed } = (event ?? {}) as Partial<AnswerEvent>
  const attributes: Attributes = {}
  const generations = result?.generations?.flat().filter((one) => one !== undefined) ?? []
  const message = generations[0]?.message
  // Of a message without an id LangChain makes one from its run.
  const ids = [message?.id, message?.response_metadata?.id, result?.llmOutput?.id]
  setString(
    attributes,
    ATTR_GEN_AI_RESPONSE_ID,
    ids.find((id) => typeof id === 'string' && !id.startsWith('run-')),
  )
  const { model_name: name, model } = message?.response_metadata ?? {}
  setString(attributes, ATTR_GEN_AI_RESPONSE_MODEL, name ?? model)
  const reasons = generations.map(finishReason).filter((reason) => reason !== undefined)
  if (reasons.length > 0) attributes[ATTR_GEN_AI_RESPONSE_FINISH_REASONS] = reasons
  setUsage(
    attributes,
    generations.map((one) => one.message?.usage_metadata),
    result?.llmOutput?.tokenUsage,
  )
  if (streamed !== undefined) {
    attributes[ATTR_GEN_AI_REQUEST_STREAM] = true
    attributes[ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK] = streamed.first
  }
  for (const key of known ?? []) delete attributes[key]
  return attributes
}

/** Our words for the providers'; they are those of the clients' instrumentations too. */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  tool_calls: 'tool_call',
  function_call: 'tool_call',
  tool_use: 'tool_call',
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content_filter',
}

/** Why a choice ended, in our words. */
export function finishReason({ generationInfo, message }: Generation): string | undefined {
  const of = { ...generationInfo, ...message?.response_metadata }
  const reason = of.finish_reason ?? of.stop_reason ?? of.finishReason ?? of.done_reason
  return typeof reason === 'string' ? (FINISH_REASONS[reason] ?? reason) : undefined
}

function readOutput(event: unknown): Content {
  const { result, known } = (event ?? {}) as Partial<AnswerEvent>
  if (result === undefined) return {}
  return Object.fromEntries(Object.entries(readAnswer(result)).filter(([key]) => known?.has(key) !== true))
}
