import type { ScannedSpan } from '../otlp/scanned-span.ts'
import { ROLLUP_DIMS, TYPE_CODES } from './codes.ts'
import type { Dictionary } from './dictionary.ts'
import type { Contribution, Rollups } from './rollups.ts'
import type { SpanFacts } from './span-facts.ts'

const MODEL = TYPE_CODES.model
const EMBEDDINGS = TYPE_CODES.embeddings
const TOOL = TYPE_CODES.tool
const AGENT = TYPE_CODES.agent

/** The numbers of a span's names. */
export interface Names {
  readonly agent: number
  readonly model: number
  readonly tool: number
  readonly errorType: number
}

/** Looks the names up, once for all tables that get them. */
export function namesOf(dictionary: Dictionary, facts: SpanFacts): Names {
  return {
    agent: dictionary.id(facts.agent),
    model: dictionary.id(facts.model),
    tool: dictionary.id(facts.tool),
    errorType: dictionary.id(facts.errorType),
  }
}

/** Adds a span to the rows of everything that it is counted under. */
export function addToRollups(
  { rollups, dictionary }: { readonly rollups: Rollups; readonly dictionary: Dictionary },
  span: ScannedSpan,
  facts: SpanFacts,
  names: Names,
  service: number,
): void {
  const contribution: Contribution = {
    micros: span.startMicros,
    duration: Math.max(0, span.endMicros - span.startMicros),
    n: 1,
    errors: span.status === 2 ? 1 : 0,
    inputTokens: facts.inputTokens ?? 0,
    outputTokens: facts.outputTokens ?? 0,
    cost: facts.cost ?? 0,
    priced: facts.cost === null ? 0 : 1,
    unpriced: facts.flags & 1,
  }
  rollups.add(ROLLUP_DIMS.all, 0, service, contribution)
  rollups.add(ROLLUP_DIMS.type, facts.type, service, contribution)
  if (facts.type === MODEL || facts.type === EMBEDDINGS) {
    rollups.add(ROLLUP_DIMS.model, dictionary.pair(facts.provider, facts.model), service, contribution)
    if (names.agent !== 0) {
      rollups.add(ROLLUP_DIMS.agent, names.agent, service, { ...contribution, n: 0, errors: 0, duration: -1 })
    }
  } else if (facts.type === AGENT) rollups.add(ROLLUP_DIMS.agent, names.agent, service, contribution)
  else if (facts.type === TOOL) rollups.add(ROLLUP_DIMS.tool, names.tool, service, contribution)
  if (span.status === 2) rollups.add(ROLLUP_DIMS.error, names.errorType, service, contribution)
}
