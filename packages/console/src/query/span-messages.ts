import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '@agentel/semconv'
import type { AttributeMap, AttributeValue, Message, MessagePart, SpanDetail } from '../api/contract.ts'

type Content = SpanDetail['content']
type Loose = Readonly<Record<string, unknown>>

/** Content comes as a JSON string or as a structure. Text that is not JSON is itself. */
function parsed(value: AttributeValue | undefined): unknown {
  if (typeof value !== 'string') return value ?? null
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function partOf(value: unknown): MessagePart {
  if (typeof value === 'string') return { type: 'text', content: value }
  if (!isObject(value)) return { type: 'text', content: JSON.stringify(value) }
  const type = typeof value.type === 'string' ? value.type : 'text'
  return typeof value.text === 'string' && value.content === undefined
    ? { ...value, type, content: value.text }
    : ({ ...value, type } as MessagePart)
}

function partsOf(value: unknown): MessagePart[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value.map(partOf) : [partOf(value)]
}

function messageOf(value: unknown): Message {
  if (!isObject(value)) return { role: 'user', parts: partsOf(value) }
  const { role, name, finish_reason: finishReason } = value
  return {
    role: typeof role === 'string' ? role : 'user',
    parts: partsOf(value.parts ?? value.content),
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof finishReason === 'string' ? { finishReason } : {}),
  }
}

function messagesOf(value: AttributeValue | undefined): Message[] | null {
  if (value === undefined) return null
  const messages = parsed(value)
  return Array.isArray(messages) ? messages.map(messageOf) : [messageOf(messages)]
}

function toolsOf(value: AttributeValue | undefined): Content['tools'] {
  if (value === undefined) return null
  const tools = parsed(value)
  if (!Array.isArray(tools)) return null
  return tools.filter(isObject).map((tool) => {
    const inner = isObject(tool.function) ? tool.function : tool
    return {
      name: String(inner.name ?? ''),
      description: typeof inner.description === 'string' ? inner.description : null,
      parameters: inner.parameters ?? null,
    }
  })
}

/** The content of a span, from attributes in the current names. Never throws: what cannot be read is shown as text. */
export function spanContent(attributes: AttributeMap): Content {
  const system = attributes[ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]
  return {
    system: system === undefined ? null : partsOf(parsed(system)),
    input: messagesOf(attributes[ATTR_GEN_AI_INPUT_MESSAGES]),
    output: messagesOf(attributes[ATTR_GEN_AI_OUTPUT_MESSAGES]),
    tools: toolsOf(attributes[ATTR_GEN_AI_TOOL_DEFINITIONS]),
    toolArguments: parsed(attributes[ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]) as AttributeValue,
    toolResult: parsed(attributes[ATTR_GEN_AI_TOOL_CALL_RESULT]) as AttributeValue,
  }
}
