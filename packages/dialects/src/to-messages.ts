/** Turns messages of any of the known shapes into messages of the GenAI schema. */
import { isRecord, parseJson, toText } from './coerce.ts'
import type { Message, Part } from './message.ts'
import { toParts } from './to-parts.ts'

/** What is left to guess when a value does not say it. */
export interface MessageDefaults {
  /** Role of a message that names none, and of a bare text. */
  role: string
}

/**
 * Messages of a list, one message, or a bare text; JSON texts are parsed first. Understands OpenAI, Anthropic, Gemini
 * and Vercel messages, and leaves those of the GenAI schema as they are. Undefined when there is nothing to read.
 */
export function toMessages(value: unknown, { role }: MessageDefaults): Message[] | undefined {
  const parsed = unwrap(parseJson(value))
  if (parsed === undefined || parsed === null || parsed === '') return undefined
  const list = Array.isArray(parsed) ? parsed : [parsed]
  const messages = list.map((item) => toMessage(item, role)).filter((message) => message !== undefined)
  return messages.length > 0 ? messages : undefined
}

/** `{messages: […]}`, `{choices: […]}`, `{contents: […]}` and `{prompt: …}` are only wrappings. */
function unwrap(value: unknown): unknown {
  if (!isRecord(value) || value['role'] !== undefined) return value
  for (const field of ['messages', 'choices', 'contents', 'prompt']) {
    const inner = parseJson(value[field])
    if (inner === undefined) continue
    const instructions = toText(value['system'])
    const system = instructions === undefined ? [] : [{ role: 'system', content: instructions }]
    return [...system, ...(Array.isArray(inner) ? inner : [inner])]
  }
  return value
}

function toMessage(value: unknown, fallbackRole: string): Message | undefined {
  if (typeof value === 'string') return value === '' ? undefined : textMessage(fallbackRole, value)
  if (!isRecord(value)) return undefined
  // A choice of the chat API: the message is one level down.
  if (isRecord(value['message'])) return withFinish(toMessage(value['message'], 'assistant'), value['finish_reason'])
  const role = roleOf(toText(value['role']) ?? fallbackRole)
  const parts = messageParts(value, role)
  if (parts.length === 0 && value['role'] === undefined) return undefined
  const name = toText(value['name'])
  return withFinish({ role, parts, ...(name === undefined ? {} : { name }) }, value['finish_reason'])
}

function textMessage(role: string, content: string): Message {
  return { role, parts: [{ type: 'text', content }] }
}

/** Gemini says `model` and `function`, LangChain says `human` and `ai`. */
function roleOf(role: string): string {
  const same: Record<string, string> = { model: 'assistant', ai: 'assistant', human: 'user', function: 'tool' }
  return Object.hasOwn(same, role) ? same[role]! : role
}

function withFinish(message: Message | undefined, reason: unknown): Message | undefined {
  const finish = toText(reason)
  return message === undefined || finish === undefined ? message : { ...message, finish_reason: finish }
}

function messageParts(message: Record<string, unknown>, role: string): Part[] {
  const callId = toText(message['tool_call_id'])
  if (role === 'tool' && callId !== undefined) {
    return [{ type: 'tool_call_response', id: callId, response: parseJson(message['content']) ?? null }]
  }
  return [
    ...toParts(reasoningOf(message)),
    ...toParts(message['parts'] ?? message['content'] ?? message['text']),
    ...toolCallParts(message['tool_calls'] ?? message['toolCalls']),
    ...toolCallParts(message['function_call'] === undefined ? undefined : [{ function: message['function_call'] }]),
  ]
}

function reasoningOf(message: Record<string, unknown>): unknown {
  const content = toText(message['reasoning_content'])
  return content === undefined ? undefined : [{ type: 'reasoning', content }]
}

/** Tool calls beside the content: OpenAI (`function.name`), OpenLLMetry and Vercel (flat). */
export function toolCallParts(value: unknown): Part[] {
  const calls = parseJson(value)
  if (!Array.isArray(calls)) return []
  return calls.filter(isRecord).map((call) => {
    const called = isRecord(call['function']) ? call['function'] : call
    const id = toText(call['id']) ?? toText(call['toolCallId'])
    const given = called['arguments'] ?? called['args'] ?? called['input']
    return {
      type: 'tool_call',
      ...(id === undefined ? {} : { id }),
      name: toText(called['name']) ?? toText(called['toolName']) ?? '',
      ...(given === undefined ? {} : { arguments: parseJson(given) }),
    }
  })
}
