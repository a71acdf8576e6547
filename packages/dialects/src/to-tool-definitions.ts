/** Turns definitions of tools of any known shape into those of the GenAI schema: flat, with type and name. */
import { isRecord, parseJson, toText } from './coerce.ts'

/** The definitions in a list or a JSON list; undefined when there are none. */
export function toToolDefinitions(value: unknown): Record<string, unknown>[] | undefined {
  const list = parseJson(value)
  if (!Array.isArray(list)) return undefined
  const definitions = list.map(parseJson).filter(isRecord).map(toToolDefinition)
  return definitions.length > 0 ? definitions : undefined
}

/** The chat API puts a function inside `function`; Vercel calls its parameters `inputSchema`, Anthropic `input_schema`. */
function toToolDefinition(tool: Record<string, unknown>): Record<string, unknown> {
  const { function: called, inputSchema, input_schema, ...rest } = tool
  const { parameters, ...flat } = isRecord(called) ? { ...rest, ...called } : rest
  const schema = parseJson(parameters ?? inputSchema ?? input_schema)
  return {
    ...flat,
    type: toText(flat['type']) ?? 'function',
    name: toText(flat['name']) ?? '',
    ...(schema === undefined ? {} : { parameters: schema }),
  }
}
