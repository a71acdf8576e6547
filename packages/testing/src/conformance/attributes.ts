import {
  ATTR_GEN_AI_TOKEN_TYPE,
  ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_OPERATION_TIME_PER_OUTPUT_CHUNK,
  METRIC_GEN_AI_CLIENT_OPERATION_TIME_TO_FIRST_CHUNK,
  METRIC_GEN_AI_CLIENT_TOKEN_USAGE,
} from '@agentel/semconv'
import { findAttribute } from '@agentel/semconv/registry'
import type { AttributeType, AttributeUse } from '@agentel/semconv/registry'
import { attributeNameV141 } from '@agentel/semconv/v1-41'
import { checkContent, mayBeText } from './content-schema.ts'
import type { ConformanceOptions, Say } from './finding.ts'

/** Names under these must be in the registry; others belong to the application or to other conventions. */
const namespaces = ['gen_ai.', 'mcp.', 'openai.', 'aws.bedrock.', 'a2a.', 'agentel.']

/** What 1.41 has and the latest generation has deprecated. */
const currentIn141: readonly string[] = [
  ATTR_GEN_AI_TOKEN_TYPE,
  ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_OPERATION_TIME_PER_OUTPUT_CHUNK,
  METRIC_GEN_AI_CLIENT_OPERATION_TIME_TO_FIRST_CHUNK,
  METRIC_GEN_AI_CLIENT_TOKEN_USAGE,
]

/** Whether a name must be in the registry. */
export function isOurs(name: string): boolean {
  return namespaces.some((namespace) => name.startsWith(namespace))
}

/** Whether a deprecated name is still the right one in the profile. */
export function isCurrentIn(name: string, profile: ConformanceOptions['profile']): boolean {
  return profile === 'v1_41' && currentIn141.includes(name)
}

/** Names, types and content of attributes. On events content must be structured, on spans it may be a JSON text. */
export function checkAttributes(
  attributes: Readonly<Record<string, unknown>>,
  options: ConformanceOptions,
  structured: boolean,
  say: Say,
): void {
  for (const [key, value] of Object.entries(attributes)) {
    const definition = findAttribute(key)
    if (definition === undefined) {
      if (isOurs(key)) say('unregistered', `attribute ${key} is not in the registry`)
      continue
    }
    const { deprecated } = definition
    if (deprecated !== undefined && !isCurrentIn(key, options.profile))
      say('deprecated', `attribute ${key} is deprecated${deprecated.renamedTo ? `: use ${deprecated.renamedTo}` : ''}`)
    if (options.profile === 'v1_41' && attributeNameV141(key) !== key)
      say('not_in_profile', `attribute ${key} is not in 1.41`)
    if (definition.type === 'any') checkAny(key, value, structured, say)
    else if (!fits(value, definition.type)) say('type', `attribute ${key} is no ${definition.type}: ${shown(value)}`)
  }
}

/** Required attributes of a span, metric or event that are not there. */
export function checkRequired(
  uses: readonly AttributeUse[],
  attributes: Readonly<Record<string, unknown>>,
  options: ConformanceOptions,
  say: Say,
): void {
  for (const { key, level } of uses) {
    const name = options.profile === 'v1_41' ? attributeNameV141(key) : key
    if (level === 'required' && name !== null && attributes[name] === undefined)
      say('required_missing', `required attribute ${name} is missing`)
  }
}

function checkAny(key: string, value: unknown, structured: boolean, say: Say): void {
  if (typeof value !== 'string') {
    for (const fault of checkContent(key, value)) say('content_schema', fault)
    return
  }
  const parsed = parse(value)
  if (parsed === undefined && mayBeText(key)) return
  if (structured && !(mayBeText(key) && typeof parsed !== 'object'))
    return say('content_not_structured', `attribute ${key} is a text; on events it must be structured`)
  if (parsed === undefined) return say('content_schema', `attribute ${key} is a text that is not JSON: ${shown(value)}`)
  for (const fault of checkContent(key, parsed)) say('content_schema', fault)
}

/** Undefined for a text that is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function fits(value: unknown, type: Exclude<AttributeType, 'any'>): boolean {
  if (type.endsWith('[]')) {
    const element = type.slice(0, -2) as Exclude<AttributeType, 'any'>
    return Array.isArray(value) && value.every((item) => fits(item, element))
  }
  if (type === 'int') return Number.isInteger(value)
  if (type === 'double') return typeof value === 'number' && Number.isFinite(value)
  return typeof value === type
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80)
}
