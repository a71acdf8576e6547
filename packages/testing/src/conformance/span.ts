import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_ENCODING_FORMATS,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_TYPE,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_MCP_METHOD_NAME,
  ATTR_SERVER_ADDRESS,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
} from '@agentel/semconv'
import { findAttribute, spanDefinitions, spanName } from '@agentel/semconv/registry'
import type { SpanDefinition, SpanKindName } from '@agentel/semconv/registry'
import { checkAttributes, checkRequired, isOurs } from './attributes.ts'
import type { ConformanceOptions, Say } from './finding.ts'

/** What the checker needs of a finished span; those of both SDK lines fit. */
export interface CheckedSpan {
  readonly name: string
  /** As in OpenTelemetry's API: 0 internal, 1 server, 2 client, 3 producer, 4 consumer. */
  readonly kind: number
  /** 0 unset, 1 ok, 2 error. */
  readonly status: { readonly code: number }
  readonly attributes: Readonly<Record<string, unknown>>
}

const kinds: readonly SpanKindName[] = ['internal', 'server', 'client', 'producer', 'consumer']
const statusOk = 1
const statusError = 2

const ofInference = [
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_SERVER_ADDRESS,
]
const expectedOnSuccess: Readonly<Record<string, readonly string[]>> = {
  [GEN_AI_OPERATION_NAME_VALUE_CHAT]: ofInference,
  [GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT]: ofInference,
  [GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION]: ofInference,
  [GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS]: [
    ATTR_GEN_AI_PROVIDER_NAME,
    ATTR_GEN_AI_RESPONSE_MODEL,
    ATTR_GEN_AI_USAGE_INPUT_TOKENS,
    ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT,
    ATTR_GEN_AI_REQUEST_ENCODING_FORMATS,
    ATTR_SERVER_ADDRESS,
  ],
  [GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL]: [ATTR_GEN_AI_TOOL_CALL_ID, ATTR_GEN_AI_TOOL_TYPE],
  [GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT]: [
    ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
    ATTR_GEN_AI_USAGE_INPUT_TOKENS,
    ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ],
}

/** Checks a span. Spans with no name of ours on them are not looked at. */
export function checkSpan(span: CheckedSpan, options: ConformanceOptions, say: Say): void {
  const { attributes } = span
  if (!Object.keys(attributes).some(isOurs)) return
  checkAttributes(attributes, options, false, say)
  checkStatus(span, say)
  const operation = attributes[ATTR_GEN_AI_OPERATION_NAME]
  const known = findAttribute(ATTR_GEN_AI_OPERATION_NAME)?.values ?? []
  if (operation !== undefined && !known.includes(String(operation)))
    say('unknown_operation', `operation ${String(operation)} is not a well-known one`)
  const definition = checkShape(span, say)
  if (definition !== undefined) checkRequired(definition.attributes, attributes, options, say)
  if (options.expected !== false && span.status.code !== statusError) checkExpected(span, say)
}

function checkStatus({ status, attributes }: CheckedSpan, say: Say): void {
  const errorType = attributes[ATTR_ERROR_TYPE]
  if (status.code === statusOk) say('status_ok', 'status is OK; an instrumentation leaves it unset on success')
  if (status.code === statusError && errorType === undefined)
    say('error_type_missing', 'status is ERROR, without error.type')
  if (status.code !== statusError && errorType !== undefined)
    say('error_type_without_error', `error.type is ${String(errorType)}, but the status is not ERROR`)
}

/** Name and kind, by the span types that this span can be. Returns the one that it is. */
function checkShape(span: CheckedSpan, say: Say): SpanDefinition | undefined {
  const candidates = candidatesOf(span.attributes)
  if (candidates.length === 0) return undefined
  const kind = kinds[span.kind]
  const rightKind = candidates.filter((definition) => kind !== undefined && definition.kinds.includes(kind))
  if (rightKind.length === 0)
    say(
      'span_kind',
      `kind is ${kind}, not ${[...new Set(candidates.flatMap((candidate) => candidate.kinds))].join(' or ')}`,
    )
  const possible = rightKind.length > 0 ? rightKind : candidates
  const names = possible.map((definition) => spanName(definition.namePattern, span.attributes))
  const match = names.indexOf(span.name)
  if (match === -1 && !possible.some(isFreelyNamed)) say('span_name', `name is not ${[...new Set(names)].join(' or ')}`)
  const matched = possible[Math.max(match, 0)]
  // A refinement has the name of its base when it adds none: what counts is the base's requirements.
  return possible.find((definition) => definition.type === matched?.refines) ?? matched
}

const isFreelyNamed = (definition: SpanDefinition): boolean => definition.namePattern === '{name}'

function candidatesOf(attributes: CheckedSpan['attributes']): SpanDefinition[] {
  const operation = attributes[ATTR_GEN_AI_OPERATION_NAME]
  const mcp =
    attributes[ATTR_MCP_METHOD_NAME] === undefined ? [] : spanDefinitions.filter(({ type }) => type.startsWith('mcp.'))
  if (operation !== undefined)
    return [...spanDefinitions.filter((definition) => definition.operations.includes(String(operation))), ...mcp]
  if (mcp.length > 0) return mcp
  // Ours are told by the attribute that each must have.
  return spanDefinitions.filter(
    (definition) =>
      definition.operations.length === 0 &&
      definition.attributes.some(({ level }) => level === 'required') &&
      definition.attributes.every(({ key, level }) => level !== 'required' || attributes[key] !== undefined),
  )
}

function checkExpected({ kind, attributes }: CheckedSpan, say: Say): void {
  // Of a tool call that another process runs, MCP has its own attributes.
  if (attributes[ATTR_MCP_METHOD_NAME] !== undefined) return
  for (const key of expectedOnSuccess[String(attributes[ATTR_GEN_AI_OPERATION_NAME])] ?? []) {
    if (key === ATTR_SERVER_ADDRESS && kinds[kind] === 'internal') continue
    if (attributes[key] === undefined)
      say('expected_missing', `expected attribute ${key} is missing on a successful span`)
  }
}
