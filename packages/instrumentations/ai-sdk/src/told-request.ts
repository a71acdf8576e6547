import type { Attributes } from '@opentelemetry/api'
import { parseJson } from '@agentel/instrumentation-kit'
import {
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_SYSTEM,
} from '@agentel/semconv'
import type { ModelCallEvent } from './events.ts'

/** A request to a model, as the attributes of `ai` 5 and 6 tell it. */
export function toldRequest(callId: string, told: Attributes): ModelCallEvent {
  const settings = Object.fromEntries(SETTINGS.map(([name, ...keys]) => [name, firstOf(told, keys)]))
  const prompt = parseJson(told['ai.prompt.messages'])
  const messages = Array.isArray(prompt) ? (prompt as { role?: unknown }[]) : undefined
  const system = messages?.filter(({ role }) => role === 'system')
  const tools = told['ai.prompt.tools']
  return {
    ...settings,
    callId,
    ...(system === undefined || system.length === 0 ? undefined : { instructions: system }),
    ...(messages === undefined ? undefined : { promptMessages: messages.filter(({ role }) => role !== 'system') }),
    ...(Array.isArray(tools) ? { tools: tools.map(parseJson) } : undefined),
  }
}

/** Fields of the events of 7, each with the attributes that tell it. */
const SETTINGS: readonly (readonly [keyof ModelCallEvent, ...string[]])[] = [
  ['provider', 'ai.model.provider', ATTR_GEN_AI_SYSTEM],
  ['modelId', 'ai.model.id', ATTR_GEN_AI_REQUEST_MODEL],
  ['maxOutputTokens', ATTR_GEN_AI_REQUEST_MAX_TOKENS, 'ai.settings.maxOutputTokens'],
  ['temperature', ATTR_GEN_AI_REQUEST_TEMPERATURE, 'ai.settings.temperature'],
  ['topP', ATTR_GEN_AI_REQUEST_TOP_P, 'ai.settings.topP'],
  ['topK', ATTR_GEN_AI_REQUEST_TOP_K, 'ai.settings.topK'],
  ['presencePenalty', ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY, 'ai.settings.presencePenalty'],
  ['frequencyPenalty', ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY, 'ai.settings.frequencyPenalty'],
  ['stopSequences', ATTR_GEN_AI_REQUEST_STOP_SEQUENCES, 'ai.settings.stopSequences'],
  ['seed', 'ai.settings.seed'],
]

function firstOf(told: Attributes, keys: readonly string[]): unknown {
  return keys.map((key) => told[key]).find((value) => value !== undefined)
}
