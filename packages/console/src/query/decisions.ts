import {
  ATTR_AGENTEL_DECISION_CONFIDENCE,
  ATTR_AGENTEL_DECISION_NAME,
  ATTR_AGENTEL_DECISION_OPTION_COUNT,
  ATTR_AGENTEL_DECISION_OUTCOME,
} from '@agentel/semconv'
import type { AgentPage, AttributeMap, ResolvedRange } from '../api/contract.ts'
import { plainAttributes } from '../otlp/attributes.ts'
import { FACET_DIMS, TYPE_CODES } from '../store/codes.ts'
import type { Reader } from './reader.ts'
import { storedSpan } from './stored-messages.ts'
import { hexOf } from './trace-summary.ts'

/** So many of the newest decisions are read; their attributes are only in the raw spans. */
const MAX_DECISIONS = 200

interface Group {
  count: number
  readonly confidences: number[]
  readonly options: number[]
  readonly outcomes: Map<string, number>
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length
}

function add(groups: Map<string, Group>, attributes: AttributeMap): void {
  const name = String(attributes[ATTR_AGENTEL_DECISION_NAME] ?? '')
  let group = groups.get(name)
  if (group === undefined) groups.set(name, (group = { count: 0, confidences: [], options: [], outcomes: new Map() }))
  group.count++
  const confidence = attributes[ATTR_AGENTEL_DECISION_CONFIDENCE]
  const options = attributes[ATTR_AGENTEL_DECISION_OPTION_COUNT]
  const outcome = attributes[ATTR_AGENTEL_DECISION_OUTCOME]
  if (typeof confidence === 'number') group.confidences.push(confidence)
  if (typeof options === 'number') group.options.push(options)
  if (typeof outcome === 'string') group.outcomes.set(outcome, (group.outcomes.get(outcome) ?? 0) + 1)
}

/** The decisions that an agent made in a window, by name, from its newest ones. */
export function decisionsOf(reader: Reader, range: ResolvedRange, agent: number): AgentPage['decisions'] {
  const groups = new Map<string, Group>()
  const rows = reader.rows(
    `SELECT s.tr, s.span_id FROM (SELECT f.tr FROM trace_facets f CROSS JOIN traces t ON t.tr = f.tr WHERE f.dim = ? AND f.key = ?
        AND t.start >= ? AND t.start < ? ORDER BY f.tr DESC LIMIT 500) d
      CROSS JOIN spans s ON s.tr = d.tr WHERE s.agent = ? AND s.type = ? LIMIT ${MAX_DECISIONS}`,
    FACET_DIMS.agent,
    agent,
    range.from * 1000,
    range.to * 1000,
    agent,
    TYPE_CODES.decision,
  )
  for (const [tr, spanId] of rows) {
    const stored = storedSpan(reader, Number(tr), hexOf(spanId))
    if (stored !== undefined) add(groups, plainAttributes(stored.span.attributes))
  }
  return [...groups].map(([name, group]) => ({
    name,
    count: group.count,
    meanConfidence: mean(group.confidences),
    meanOptions: mean(group.options),
    outcomes: [...group.outcomes]
      .map(([outcome, count]) => ({ outcome, count }))
      .toSorted((a, b) => b.count - a.count)
      .slice(0, 20),
  }))
}
