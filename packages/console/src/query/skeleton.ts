import {
  type ActingSpan,
  buildSpanTree,
  criticalPath,
  effectiveAgents,
  findFailure,
  findInteractions,
  type SpanTree,
  toolDependencies,
} from '@agentel/analysis'
import type { SpanType, TraceSkeleton } from '../api/contract.ts'
import { FLAG_CONTENT, FLAG_UNPRICED } from '../store/codes.ts'
import type { Reader } from './reader.ts'
import { findTrace, type SpanRow, spanRows } from './trace-rows.ts'

/** A span that ends so much later than its parent began and ended was timed by another clock. Microseconds. */
const SKEW = 1000

/** Numbers strings in order of first use; '' is -1. */
function openColumn(): { readonly values: string[]; index(value: string): number } {
  const values: string[] = []
  const known = new Map<string, number>()
  return {
    values,
    index(value) {
      if (value === '') return -1
      let i = known.get(value)
      if (i === undefined) known.set(value, (i = values.push(value) - 1))
      return i
    },
  }
}

/** A child that starts before its parent: clocks of two machines differ. */
function skewedSpans(rows: readonly SpanRow[], tree: SpanTree): number[] {
  return tree.order.filter((i) => {
    const up = tree.parent[i]!
    return up !== -1 && rows[i]!.start < rows[up]!.start - SKEW
  })
}

function dictionaryColumns(
  reader: Reader,
  rows: readonly SpanRow[],
  agents: readonly string[],
  order: readonly number[],
) {
  const [names, types, services, agentNames, models, tools, errorTypes] = Array.from({ length: 7 }, openColumn)
  const column = (of: (row: SpanRow, i: number) => number): number[] => order.map((i) => of(rows[i]!, i))
  const columns = {
    name: column((row) => names!.index(reader.text(row.name))),
    type: column((row) => types!.index(row.type)),
    service: column((row) => services!.index(reader.text(row.serviceId))),
    agent: column((_, i) => agentNames!.index(agents[i]!)),
    model: column((row) => models!.index(reader.text(row.modelId))),
    tool: column((row) => tools!.index(reader.text(row.toolId))),
    errorType: column((row) => errorTypes!.index(reader.text(row.errorTypeId))),
  }
  const dictionaries = {
    names: names!.values,
    types: types!.values as SpanType[],
    services: services!.values,
    agents: agentNames!.values,
    models: models!.values,
    tools: tools!.values,
    errorTypes: errorTypes!.values,
  }
  return { columns, dictionaries }
}

function actingSpans(reader: Reader, rows: readonly SpanRow[]): ActingSpan[] {
  return rows.map((row) => ({
    type: row.type,
    kind: row.kind,
    start: row.start,
    agent: reader.text(row.agentId),
    tool: reader.text(row.toolId),
    model: reader.text(row.modelId),
    errorType: '',
    target: reader.text(row.targetId),
  }))
}

function handoffsOf(acting: readonly ActingSpan[], tree: SpanTree, agents: readonly string[], startTime: number) {
  return findInteractions(acting, tree, agents)
    .filter(({ kind }) => kind === 'handoff')
    .map(({ span, from, to }) => ({ index: span, from, to, at: Math.max(0, acting[span]!.start - startTime) / 1000 }))
}

function toolRows(
  rows: readonly SpanRow[],
  acting: readonly ActingSpan[],
  tree: SpanTree,
  marked: (indexes: readonly number[]) => number[],
): TraceSkeleton['toolDependencies'] {
  const spans = acting.map((span, i) => ({ ...rows[i]!, ...span }))
  return toolDependencies(spans, tree).map(({ tools, on }) => ({ rows: marked(tools), on: marked(on) }))
}

const logCount = (reader: Reader, traceId: string): number =>
  Number(reader.row('SELECT count(*) FROM logs WHERE trace_id = ?', Buffer.from(traceId, 'hex'))?.[0])

/** `GET /api/traces/{traceId}`; undefined when there is no such trace. */
export function traceSkeleton(reader: Reader, traceId: string): TraceSkeleton | undefined {
  const found = findTrace(reader, traceId)
  if (found === undefined) return undefined
  const { tr, summary } = found
  const rows = spanRows(reader, tr)
  const tree = buildSpanTree(rows)
  const acting = actingSpans(reader, rows)
  const agents = effectiveAgents(acting, tree)
  const failure = findFailure(rows, tree)
  const { order } = tree
  const rowOf = new Int32Array(rows.length)
  order.forEach((i, row) => (rowOf[i] = row))
  const marked = (indexes: readonly number[]): number[] => indexes.map((i) => rowOf[i]!).toSorted((a, b) => a - b)
  const column = <T>(of: (row: SpanRow, i: number) => T): T[] => order.map((i) => of(rows[i]!, i))
  const { columns, dictionaries } = dictionaryColumns(reader, rows, agents, order)
  const startTime = summary.startTime * 1000
  return {
    trace: summary,
    dictionaries,
    spans: {
      id: column((row) => row.id),
      parent: column((_, i) => (tree.parent[i] === -1 ? -1 : rowOf[tree.parent[i]!]!)),
      depth: column((_, i) => tree.depth[i]!),
      descendants: column((_, i) => tree.descendants[i]!),
      ...columns,
      start: column((row) => Math.max(0, row.start - startTime) / 1000),
      duration: column((row) => row.duration / 1000),
      status: column((row) => row.status),
      inputTokens: column((row) => row.inputTokens),
      outputTokens: column((row) => row.outputTokens),
      cost: column((row) => row.cost),
      unpriced: column((row) => ((row.flags & FLAG_UNPRICED) === 0 ? 0 : 1)),
      content: column((row) => ((row.flags & FLAG_CONTENT) === 0 ? 0 : 1)),
    },
    marks: {
      missingParent: marked(tree.missingParent),
      cycle: marked(tree.cycle),
      skewed: marked(skewedSpans(rows, tree)),
      recovered: marked(failure.recovered),
      criticalPath: marked(criticalPath(rows, tree)),
    },
    failure: {
      origin: failure.origin === -1 ? -1 : rowOf[failure.origin]!,
      lastSuccess: failure.lastSuccess === -1 ? -1 : rowOf[failure.lastSuccess]!,
    },
    toolDependencies: toolRows(rows, acting, tree, marked),
    handoffs: handoffsOf(acting, tree, agents, startTime).map(({ index, ...handoff }) => ({
      row: rowOf[index]!,
      ...handoff,
    })),
    logs: logCount(reader, found.summary.traceId),
  }
}
