import { priceUsage, type Usage } from '@agentel/prices'
import {
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_CREATE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_CREATE_MEMORY,
  GEN_AI_OPERATION_NAME_VALUE_CREATE_MEMORY_STORE,
  GEN_AI_OPERATION_NAME_VALUE_DELETE_MEMORY,
  GEN_AI_OPERATION_NAME_VALUE_DELETE_MEMORY_STORE,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
  GEN_AI_OPERATION_NAME_VALUE_PLAN,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
  GEN_AI_OPERATION_NAME_VALUE_SEARCH_MEMORY,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  GEN_AI_OPERATION_NAME_VALUE_UPDATE_MEMORY,
  GEN_AI_OPERATION_NAME_VALUE_UPSERT_MEMORY,
} from '@agentel/semconv'
import type { SpanType } from '../api/contract.ts'
import { NUMBER_SLOTS, type NumberKey, TEXT_SLOTS, type TextKey, USAGE_KEYS } from '../otlp/promoted-keys.ts'
import type { ScannedSpan } from '../otlp/scanned-span.ts'
import { FLAG_CONTENT, FLAG_FOREIGN, FLAG_PRICED_HERE, FLAG_UNPRICED, TYPE_CODES } from './codes.ts'

const TEXT = Object.fromEntries(TEXT_SLOTS.map((key, slot) => [key, slot])) as Record<TextKey, number>
const NUMBER = Object.fromEntries(NUMBER_SLOTS.map((key, slot) => [key, slot])) as Record<NumberKey, number>

const OPERATION_TYPES: Readonly<Record<string, SpanType>> = {
  [GEN_AI_OPERATION_NAME_VALUE_CHAT]: 'model',
  [GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT]: 'model',
  [GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION]: 'model',
  [GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE]: 'other',
  [GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS]: 'embeddings',
  [GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL]: 'retrieval',
  [GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL]: 'tool',
  [GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT]: 'agent',
  [GEN_AI_OPERATION_NAME_VALUE_CREATE_AGENT]: 'other',
  [GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW]: 'workflow',
  [GEN_AI_OPERATION_NAME_VALUE_PLAN]: 'plan',
  [GEN_AI_OPERATION_NAME_VALUE_CREATE_MEMORY_STORE]: 'memory',
  [GEN_AI_OPERATION_NAME_VALUE_DELETE_MEMORY_STORE]: 'memory',
  [GEN_AI_OPERATION_NAME_VALUE_CREATE_MEMORY]: 'memory',
  [GEN_AI_OPERATION_NAME_VALUE_UPDATE_MEMORY]: 'memory',
  [GEN_AI_OPERATION_NAME_VALUE_UPSERT_MEMORY]: 'memory',
  [GEN_AI_OPERATION_NAME_VALUE_SEARCH_MEMORY]: 'memory',
  [GEN_AI_OPERATION_NAME_VALUE_DELETE_MEMORY]: 'memory',
}

/** Attributes that by their presence make a span without an operation name what it is; the first that is there decides. */
const TYPE_BY_KEY: readonly { readonly key: TextKey; readonly type: SpanType }[] = [
  { key: 'decision', type: 'decision' },
  { key: 'guardrail', type: 'guardrail' },
  { key: 'transferTarget', type: 'handoff' },
  { key: 'messageTarget', type: 'message' },
  { key: 'messageSource', type: 'message' },
  { key: 'security', type: 'security' },
  { key: 'event', type: 'event' },
  { key: 'worker', type: 'worker' },
  { key: 'task', type: 'task' },
  { key: 'response', type: 'response' },
]

/** What the store keeps of a span beside its bytes. Strings are '' and numbers null where absent. */
export interface SpanFacts {
  readonly type: number
  readonly agent: string
  readonly model: string
  readonly provider: string
  readonly tool: string
  readonly user: string
  readonly session: string
  readonly errorType: string
  /** Whom or what the span is about: the target of a handoff or message, the name of a decision, task, guardrail, ... */
  readonly target: string
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cost: number | null
  readonly flags: number
}

function typeOf(texts: readonly string[]): SpanType {
  const operation = texts[TEXT.operation]!
  if (operation !== '') {
    const type = OPERATION_TYPES[operation] ?? 'other'
    if (type === 'tool' && texts[TEXT.transferTarget] !== '') return 'handoff'
    if (type !== 'other') return type
  }
  for (const { key, type } of TYPE_BY_KEY) if (texts[TEXT[key]] !== '') return type
  return 'other'
}

/** Who acts: for a handoff or a message, whom it comes from. */
function agentOf(type: SpanType, texts: readonly string[]): string {
  const agent = texts[TEXT.agent]!
  if (type === 'handoff') return texts[TEXT.transferSource]! || agent
  return type === 'message' ? texts[TEXT.messageSource]! || agent : agent
}

function targetOf(texts: readonly string[]): string {
  return (
    texts[TEXT.transferTarget]! ||
    texts[TEXT.messageTarget]! ||
    texts[TEXT.decision]! ||
    texts[TEXT.guardrail]! ||
    texts[TEXT.task]! ||
    texts[TEXT.security]! ||
    texts[TEXT.event]! ||
    texts[TEXT.worker]! ||
    texts[TEXT.workflow]!
  )
}

const USAGE = (Object.keys(USAGE_KEYS) as (keyof typeof USAGE_KEYS)[]).map((key) => ({ key, slot: NUMBER[key] }))

/** Price of a call that came without one; undefined when there is none. */
function priceHere(span: ScannedSpan): number | undefined {
  const { texts, numbers } = span
  const usage: { -readonly [K in keyof Usage]: Usage[K] } = {}
  for (const { key, slot } of USAGE) if (!Number.isNaN(numbers[slot]!)) usage[key] = numbers[slot]
  const priced = priceUsage({
    provider: texts[TEXT.provider] || undefined,
    model: [texts[TEXT.responseModel]!, texts[TEXT.requestModel]!],
    serviceTier: texts[TEXT.serviceTier] || undefined,
    timestamp: span.startMicros / 1000,
    usage,
  })
  return 'amount' in priced ? priced.amount : undefined
}

function count(value: number): number | null {
  return value >= 0 && value < 1e12 ? Math.round(value) : null
}

/** Reads a scanned span. Tokens and cost are kept for calls of a model only: an agent's are sums of its calls. */
export function spanFacts(span: ScannedSpan): SpanFacts {
  const { texts, numbers } = span
  const type = typeOf(texts)
  const calls = type === 'model' || type === 'embeddings'
  const content = span.foreignContent?.some((value) => value !== undefined) ?? span.content.some((at) => at !== -1)
  let flags = content ? FLAG_CONTENT : 0
  if (span.foreign) flags |= FLAG_FOREIGN
  const inputTokens = calls ? count(numbers[NUMBER.inputTokens]!) : null
  const outputTokens = calls ? count(numbers[NUMBER.outputTokens]!) : null
  let cost: number | null = null
  if (calls) {
    const sent = numbers[NUMBER.cost]!
    if (sent >= 0 && Number.isFinite(sent)) cost = sent
    else if (inputTokens !== null || outputTokens !== null) {
      cost = priceHere(span) ?? null
      flags |= cost === null ? FLAG_UNPRICED : FLAG_PRICED_HERE
    } else if (numbers[NUMBER.unpriced]! > 0 || span.status !== 2) flags |= FLAG_UNPRICED
  }
  return {
    type: TYPE_CODES[type],
    agent: agentOf(type, texts),
    model: texts[TEXT.requestModel]! || texts[TEXT.responseModel]!,
    provider: texts[TEXT.provider]!,
    tool: texts[TEXT.tool]!,
    user: texts[TEXT.user]!,
    session: texts[TEXT.session]! || texts[TEXT.conversation]!,
    errorType: texts[TEXT.errorType]! || (span.status === 2 ? '_OTHER' : ''),
    target: targetOf(texts),
    inputTokens,
    outputTokens,
    cost,
    flags,
  }
}
