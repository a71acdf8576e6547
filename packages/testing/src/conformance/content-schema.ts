/** The message schema of the GenAI conventions, as checks that say what does not fit. */
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_MEMORY_RECORDS,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '@agentel/semconv'

type Check = (value: unknown, path: string) => string[]

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const object: Check = (value, path) => (isObject(value) ? [] : [`${path} is not an object`])

/** An object is wanted; of a text that holds none, none can be made. */
const objectOrText: Check = (value, path) => (typeof value === 'string' ? [] : object(value, path))

function listOf(item: Check): Check {
  return (value, path) =>
    Array.isArray(value)
      ? value.flatMap((element, index) => item(element, `${path}[${index}]`))
      : [`${path} is not a list`]
}

/** Fields that must be there: `text` for a string, `any` for a value of any kind, `object` for an object. */
type Fields = Readonly<Record<string, 'text' | 'any' | 'object'>>

function fields(wanted: Fields): Check {
  return (value, path) => {
    if (!isObject(value)) return [`${path} is not an object`]
    return Object.entries(wanted).flatMap(([name, kind]) => {
      const field = value[name]
      if (field === undefined) return [`${path}.${name} is missing`]
      if (kind === 'text' && typeof field !== 'string') return [`${path}.${name} is not a string`]
      return kind === 'object' && !isObject(field) ? [`${path}.${name} is not an object`] : []
    })
  }
}

/** By type; a part of another type needs nothing but its type. */
const fieldsOfPart: Readonly<Record<string, Fields>> = {
  text: { content: 'text' },
  reasoning: { content: 'text' },
  tool_call: { name: 'text' },
  tool_call_response: { response: 'any' },
  server_tool_call: { name: 'text', server_tool_call: 'object' },
  server_tool_call_response: { server_tool_call_response: 'object' },
  blob: { modality: 'text', content: 'text' },
  file: { modality: 'text', file_id: 'text' },
  uri: { modality: 'text', uri: 'text' },
}

const part: Check = (value, path) => {
  if (!isObject(value) || typeof value['type'] !== 'string') return [`${path} has no type`]
  const wanted = Object.hasOwn(fieldsOfPart, value['type']) ? fieldsOfPart[value['type']]! : {}
  const dataUri = value['type'] === 'uri' && String(value['uri']).startsWith('data:')
  return [...fields(wanted)(value, path), ...(dataUri ? [`${path}.uri is a data address; that is a blob`] : [])]
}

const message: Check = (value, path) => {
  if (!isObject(value)) return [`${path} is not an object`]
  const role = typeof value['role'] === 'string' ? [] : [`${path}.role is missing`]
  return [...role, ...listOf(part)(value['parts'], `${path}.parts`)]
}

const checks: Readonly<Record<string, Check>> = {
  [ATTR_GEN_AI_INPUT_MESSAGES]: listOf(message),
  [ATTR_GEN_AI_OUTPUT_MESSAGES]: listOf(message),
  [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: listOf(part),
  [ATTR_GEN_AI_TOOL_DEFINITIONS]: listOf(fields({ type: 'text', name: 'text' })),
  [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: objectOrText,
  [ATTR_GEN_AI_TOOL_CALL_RESULT]: objectOrText,
  [ATTR_GEN_AI_RETRIEVAL_DOCUMENTS]: listOf(object),
  [ATTR_GEN_AI_MEMORY_RECORDS]: listOf(fields({ content: 'any' })),
}

/** Whether a text that is not JSON will do. */
export function mayBeText(key: string): boolean {
  // Content of ours is whatever the application has: a task's result may well be a text.
  return key.startsWith('agentel.') || (Object.hasOwn(checks, key) && checks[key] === objectOrText)
}

/** Where the structured value of a content attribute does not fit its schema; empty for other attributes. */
export function checkContent(key: string, value: unknown): string[] {
  return Object.hasOwn(checks, key) ? checks[key]!(value, key) : []
}
