import type { Attributes } from '@opentelemetry/api'
import {
  type Destination,
  type Outcome,
  type RequestFacts,
  setNumber,
  setString,
  setStrings,
} from '@agentel/instrumentation-kit'
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  GEN_AI_OUTPUT_TYPE_VALUE_SPEECH,
  OPENAI_API_TYPE_VALUE_CHAT_COMPLETIONS,
} from '@agentel/semconv'
import { outputType, setOpenAIRequest, setOpenAIResponse } from './openai-attributes.ts'
import { setUsage, type Usage } from './usage.ts'

/** What we read of the body of `chat.completions.create`. */
interface ChatRequest {
  readonly model?: unknown
  readonly stream?: unknown
  readonly max_completion_tokens?: unknown
  readonly max_tokens?: unknown
  readonly temperature?: unknown
  readonly top_p?: unknown
  readonly stop?: unknown
  readonly frequency_penalty?: unknown
  readonly presence_penalty?: unknown
  readonly n?: unknown
  readonly seed?: unknown
  readonly reasoning_effort?: unknown
  readonly modalities?: unknown
  readonly service_tier?: unknown
  readonly response_format?: { readonly type?: unknown }
}

/** What we read of a chat completion, and what {@link reduceChatChunk} makes of a streamed one. */
export interface ChatAnswer {
  id?: unknown
  model?: unknown
  choices?: ChatChoice[]
  usage?: Usage | null | undefined
  service_tier?: unknown
  system_fingerprint?: unknown
}

/** One choice of an answer. `message` of a streamed one is put together only when content is captured. */
export interface ChatChoice {
  index?: number
  finish_reason?: unknown
  message?: ChatAnswerMessage
}

/** The parts of an answer's message that are content. */
export interface ChatAnswerMessage {
  role?: string
  content?: string | null
  refusal?: string | null
  tool_calls?: ChatToolCall[]
  audio?: ChatAudio | null
  /** What the model thought, as DeepSeek and xAI name it; others call it `reasoning`. */
  reasoning_content?: string | null
  reasoning?: string | null
}

/** What a model said aloud. */
export interface ChatAudio {
  id?: string
  transcript?: string
  /** Base64; of a streamed answer each piece on its own. */
  data?: string | string[]
}

/** A tool call in an answer. */
export interface ChatToolCall {
  id?: string
  type?: string
  function?: { name?: string; arguments?: string }
  custom?: { name?: string; input?: string }
}

interface ChatChunk extends Omit<ChatAnswer, 'choices'> {
  choices?: (Omit<ChatChoice, 'message'> & {
    delta?: Omit<ChatAnswerMessage, 'tool_calls' | 'audio'> & {
      tool_calls?: (ChatToolCall & { index?: number })[]
      audio?: (ChatAudio & { data?: string }) | null
    }
  })[]
}

/** Reads the arguments of `chat.completions.create(body, options)`. */
export function readChatRequest(args: readonly unknown[], destination: Destination): RequestFacts {
  const request = (args[0] ?? {}) as ChatRequest
  const attributes: Attributes = {}
  setNumber(attributes, ATTR_GEN_AI_REQUEST_MAX_TOKENS, request.max_completion_tokens ?? request.max_tokens)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_TEMPERATURE, request.temperature)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_TOP_P, request.top_p)
  setStrings(attributes, ATTR_GEN_AI_REQUEST_STOP_SEQUENCES, request.stop)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY, request.frequency_penalty)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY, request.presence_penalty)
  if (request.n !== 1) setNumber(attributes, ATTR_GEN_AI_REQUEST_CHOICE_COUNT, request.n)
  setNumber(attributes, ATTR_GEN_AI_REQUEST_SEED, request.seed)
  setString(attributes, ATTR_GEN_AI_REQUEST_REASONING_LEVEL, request.reasoning_effort)
  const speaks = Array.isArray(request.modalities) && request.modalities.includes('audio')
  const type = speaks ? GEN_AI_OUTPUT_TYPE_VALUE_SPEECH : outputType(request.response_format?.type)
  setString(attributes, ATTR_GEN_AI_OUTPUT_TYPE, type)
  setOpenAIRequest(attributes, destination, OPENAI_API_TYPE_VALUE_CHAT_COMPLETIONS, request.service_tier)
  return {
    model: typeof request.model === 'string' ? request.model : undefined,
    streaming: request.stream === true,
    attributes,
  }
}

/** Reads a chat completion, whole or put together from chunks. */
export function readChatResponse(response: unknown, destination: Destination, outcome: Outcome): Attributes {
  const answer = (response ?? {}) as ChatAnswer
  const attributes: Attributes = {}
  setString(attributes, ATTR_GEN_AI_RESPONSE_ID, answer.id)
  setString(attributes, ATTR_GEN_AI_RESPONSE_MODEL, answer.model)
  const reasons = finishReasons(answer.choices, outcome)
  if (reasons !== undefined) attributes[ATTR_GEN_AI_RESPONSE_FINISH_REASONS] = reasons
  setUsage(attributes, answer.usage, destination)
  setOpenAIResponse(attributes, destination, answer.service_tier, answer.system_fingerprint)
  return attributes
}

/** Our words for the reasons of a choice's end; others pass through. */
const FINISH_REASONS: Readonly<Record<string, string>> = { tool_calls: 'tool_call', function_call: 'tool_call' }

/**
 * One reason per choice, in the order of the choices. A reason that was due and never came is `error`; where the
 * caller went away before, none was due.
 */
function finishReasons(choices: readonly ChatChoice[] | undefined, outcome: Outcome): string[] | undefined {
  if (!Array.isArray(choices) || choices.length === 0) return undefined
  const reasons: string[] = []
  for (let index = 0; index < choices.length; index++) {
    const reason = choices[index]?.finish_reason
    if (typeof reason === 'string') reasons.push(FINISH_REASONS[reason] ?? reason)
    else if (outcome === 'left') return undefined
    else reasons.push('error')
  }
  return reasons
}

/** Adds a chunk of a stream to the answer so far, so that it reads as the unstreamed answer would. */
export function reduceChatChunk(answer: unknown, chunk: unknown, withContent: boolean): ChatAnswer {
  const whole = (answer ?? { choices: [] }) as ChatAnswer & { choices: ChatChoice[] }
  const part = (chunk ?? {}) as ChatChunk
  // Azure's first chunk has an empty id and model and tells only about the content filter.
  if (part.id) whole.id = part.id
  if (part.model) whole.model = part.model
  if (part.usage) whole.usage = part.usage
  if (part.service_tier) whole.service_tier = part.service_tier
  if (part.system_fingerprint) whole.system_fingerprint = part.system_fingerprint
  const { choices } = part
  // Here for each chunk: no iterator.
  for (let at = 0; choices && at < choices.length; at++) {
    const { index = 0, finish_reason, delta } = choices[at]!
    const choice = (whole.choices[index] ??= { index })
    if (finish_reason) choice.finish_reason = finish_reason
    if (withContent && delta) choice.message = addDelta(choice.message, delta)
  }
  return whole
}

type Delta = NonNullable<NonNullable<ChatChunk['choices']>[number]['delta']>

function addAudio(audio: ChatAudio, { id, transcript, data }: ChatAudio & { data?: string }): void {
  if (id) audio.id = id
  if (transcript) audio.transcript = (audio.transcript ?? '') + transcript
  if (!data) return
  if (Array.isArray(audio.data)) audio.data.push(data)
  else audio.data = [data]
}

function addDelta(message: ChatAnswerMessage = { role: 'assistant' }, delta: Delta): ChatAnswerMessage {
  if (delta.content) message.content = (message.content ?? '') + delta.content
  if (delta.refusal) message.refusal = (message.refusal ?? '') + delta.refusal
  const thought = delta.reasoning_content ?? delta.reasoning
  if (thought) message.reasoning = (message.reasoning ?? '') + thought
  if (delta.audio) addAudio((message.audio ??= {}), delta.audio)
  for (const { index = 0, ...part } of delta.tool_calls ?? []) {
    const calls = (message.tool_calls ??= [])
    const call = (calls[index] ??= {})
    if (part.id) call.id = part.id
    if (part.type) call.type = part.type
    if (part.function) {
      const { name, arguments: text } = part.function
      const target = (call.function ??= {})
      if (name) target.name = name
      target.arguments = (target.arguments ?? '') + (text ?? '')
    }
    if (part.custom) {
      const target = (call.custom ??= {})
      if (part.custom.name) target.name = part.custom.name
      target.input = (target.input ?? '') + (part.custom.input ?? '')
    }
  }
  return message
}
