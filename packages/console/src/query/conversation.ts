import type { AttributeMap, Conversation, Message, SpanType } from '../api/contract.ts'
import { errorMessage } from '../otlp/error-message.ts'
import { currentNames } from './current-names.ts'
import type { Reader } from './reader.ts'
import { spanContent } from './span-messages.ts'
import { storedScope, storedSpans } from './stored-messages.ts'
import { findTrace, type SpanRow, spanRows } from './trace-rows.ts'

const SPOKEN: ReadonlySet<SpanType> = new Set(['model', 'tool', 'handoff', 'guardrail', 'retrieval', 'message'])
const MAX_TURNS = 2000

type Turn = Conversation['turns'][number]
type TurnMessage = Turn['messages'][number]

function shownOnce(messages: readonly Message[] | null, seen: Set<string>): { fresh: Message[]; repeated: number } {
  const fresh: Message[] = []
  let repeated = 0
  for (const message of messages ?? []) {
    const key = JSON.stringify([message.role, message.parts])
    if (seen.has(key)) repeated++
    else {
      seen.add(key)
      fresh.push(message)
    }
  }
  return { fresh, repeated }
}

function toolMessages(attributes: AttributeMap, name: string): TurnMessage[] {
  const { toolArguments, toolResult } = spanContent(attributes)
  const messages: TurnMessage[] = []
  if (toolArguments !== null) {
    messages.push({
      role: 'assistant',
      direction: 'in',
      parts: [{ type: 'tool_call', name, arguments: toolArguments }],
    })
  }
  if (toolResult !== null) {
    messages.push({
      role: 'tool',
      direction: 'out',
      parts: [{ type: 'tool_call_response', name, response: toolResult }],
    })
  }
  return messages
}

function modelMessages(attributes: AttributeMap, seen: Set<string>): { messages: TurnMessage[]; repeated: number } {
  const { system, input, output } = spanContent(attributes)
  const asked = shownOnce([...(system === null ? [] : [{ role: 'system', parts: system }]), ...(input ?? [])], seen)
  const answered = shownOnce(output, seen)
  return {
    messages: [
      ...asked.fresh.map((message) => ({ ...message, direction: 'in' as const })),
      ...answered.fresh.map((message) => ({ ...message, direction: 'out' as const })),
    ],
    repeated: asked.repeated,
  }
}

/** `GET /api/traces/{traceId}/conversation`; undefined when there is no such trace. */
export function conversation(reader: Reader, traceId: string): Conversation | undefined {
  const found = findTrace(reader, traceId)
  if (found === undefined) return undefined
  const rows = new Map<string, SpanRow>()
  for (const row of spanRows(reader, found.tr)) if (SPOKEN.has(row.type)) rows.set(row.id, row)
  const scopeNames = new Map<number, string>()
  const scopeName = (id: number): string => {
    if (!scopeNames.has(id)) scopeNames.set(id, String(storedScope(reader, id).scope.name ?? ''))
    return scopeNames.get(id)!
  }
  const spoken: { row: SpanRow; attributes: AttributeMap; error: string | null }[] = []
  for (const { span, scope } of storedSpans(reader, found.tr)) {
    const row = rows.get(String(span.spanId))
    if (row === undefined || spoken.length >= MAX_TURNS) continue
    const { attributes } = currentNames(span, scopeName(scope))
    spoken.push({
      row,
      attributes,
      error: row.status === 2 ? (errorMessage(span) ?? reader.text(row.errorTypeId)) : null,
    })
  }
  const seen = new Set<string>()
  let contentMissing = false
  const turns = spoken
    .toSorted((a, b) => a.row.start - b.row.start)
    .map(({ row, attributes, error }): Turn => {
      const name = reader.text(row.toolId)
      const { messages, repeated } =
        row.type === 'tool' || row.type === 'handoff'
          ? { messages: toolMessages(attributes, name), repeated: 0 }
          : modelMessages(attributes, seen)
      if (row.type === 'model' && messages.length === 0 && repeated === 0) contentMissing = true
      return {
        spanId: row.id,
        type: row.type,
        agent: reader.text(row.agentId) || null,
        model: reader.text(row.modelId) || null,
        tool: name || null,
        startTime: row.start / 1e3,
        duration: row.duration / 1e3,
        error,
        repeated,
        messages,
      }
    })
  const said = turns.filter(({ type, messages }) => messages.length > 0 || type === 'model' || type === 'tool')
  return { traceId: found.summary.traceId, turns: said, contentMissing }
}
