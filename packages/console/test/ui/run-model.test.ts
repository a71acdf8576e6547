/** What the run page derives of a skeleton: sums, folds, filters, the graph's places, and what differs between two runs. */
import { describe, expect, it } from 'vitest'
import type { TraceSkeleton } from '../../src/api/contract.ts'
import { align, firstDivergence } from '../../ui/pages/compare/align.ts'
import { graphOf } from '../../ui/pages/run/graph-of.ts'
import { linesOf, matching, readRun, unfoldTo, type Folding, type Line } from '../../ui/pages/run/model.ts'
import { layOut } from '../../ui/parts/lay-out.ts'

interface Step {
  readonly name: string
  readonly type?: 'agent' | 'model' | 'tool'
  readonly parent: number
  readonly failed?: boolean
  readonly cost?: number
  readonly tokens?: number
}

/** A skeleton of steps, each given with the row of its parent. */
function skeletonOf(steps: readonly Step[], recovered: readonly number[] = []): TraceSkeleton {
  const names = [...new Set(steps.map((step) => step.name))]
  const types = ['agent', 'model', 'tool'] as const
  const depth: number[] = []
  for (const step of steps) depth.push(step.parent < 0 ? 0 : depth[step.parent]! + 1)
  const none = steps.map(() => -1)
  return {
    trace: { traceId: 'a', title: 't', duration: steps.length, spans: steps.length } as TraceSkeleton['trace'],
    dictionaries: { names, types, services: [], agents: [], models: [], tools: [], errorTypes: [] },
    spans: {
      id: steps.map((_, row) => `s${row}`),
      parent: steps.map((step) => step.parent),
      depth,
      descendants: steps.map(() => 0),
      name: steps.map((step) => names.indexOf(step.name)),
      type: steps.map((step) => types.indexOf(step.type ?? 'tool')),
      service: none,
      agent: none,
      model: none,
      tool: none,
      start: steps.map((_, row) => row),
      duration: steps.map(() => 1),
      status: steps.map((step) => (step.failed ? 2 : 0)),
      errorType: none,
      inputTokens: steps.map((step) => step.tokens ?? null),
      outputTokens: none.map(() => null),
      cost: steps.map((step) => step.cost ?? null),
      unpriced: none.map(() => 0),
      content: none.map(() => 0),
    },
    marks: { missingParent: [], cycle: [], skewed: [], recovered, criticalPath: [] },
    failure: { origin: -1, lastSuccess: -1 },
    toolDependencies: [],
    handoffs: [],
    logs: 0,
  }
}

const NO_FOLDING: Folding = { closed: new Set(), opened: new Set() }
const said = (lines: readonly Line[]) =>
  lines.map((line) => (line.kind === 'span' ? line.row : `${line.rows.length} folded`))

describe('a run', () => {
  it('sums tokens and cost of each branch, and knows nothing where nothing is known', () => {
    const { sums } = readRun(
      skeletonOf([
        { name: 'root', parent: -1 },
        { name: 'a', parent: 0, cost: 0.5, tokens: 10 },
        { name: 'b', parent: 0 },
        { name: 'c', parent: 1, cost: 0.25, tokens: 5 },
      ]),
    )
    expect(sums.cost).toEqual([0.75, 0.75, null, 0.25])
    expect(sums.tokens).toEqual([15, 15, null, 5])
  })

  const many = skeletonOf(
    [
      { name: 'root', parent: -1 },
      ...Array.from({ length: 60 }, (_, n): Step => ({ name: 'fetch', parent: 0, failed: n === 30 || n === 40 })),
      { name: 'write', parent: 0 },
    ],
    [41],
  )

  it('folds many siblings of one name, but never a failure that nothing made good', () => {
    const run = readRun(many)
    expect(said(linesOf(run, NO_FOLDING, null))).toEqual([0, '59 folded', 31, 61])
    const opened = unfoldTo(run, NO_FOLDING, 5)
    expect(linesOf(run, opened, null)).toHaveLength(63)
  })

  it('shows what matches a filter and what leads to it', () => {
    const run = readRun(many)
    expect([...matching(run, 'WRITE')!].toSorted((a, b) => a - b)).toEqual([0, 61])
    expect(matching(run, ' ')).toBeNull()
    expect(said(linesOf(run, NO_FOLDING, matching(run, 'write')))).toEqual([0, 61])
  })

  it('hides what is below a closed row', () => {
    const run = readRun(many)
    expect(said(linesOf(run, { closed: new Set([0]), opened: new Set() }, null))).toEqual([0])
  })
})

it('draws which tools were asked for after the results of which, once for each pair of names', () => {
  const steps: Step[] = ['desk', 'search', 'search', 'read', 'other'].map((name, row) => ({
    name,
    parent: row === 0 ? -1 : 0,
    type: row === 0 ? 'agent' : 'tool',
  }))
  const plain = skeletonOf(steps)
  const run = readRun({
    ...plain,
    dictionaries: { ...plain.dictionaries, agents: ['desk'], tools: ['search', 'read'] },
    spans: { ...plain.spans, agent: [0, 0, 0, 0, 0], tool: [-1, 0, 0, 1, -1] },
    toolDependencies: [
      { rows: [1, 2], on: [] },
      { rows: [3, 4], on: [1, 2] },
    ],
  })
  const after = graphOf(run).edges.filter(({ kind }) => kind === 'after')
  expect(after.map(({ from, to, count, rows }) => [from, to, count, rows])).toEqual([
    ['tool:read', 'tool:search', 1, [3]],
  ])
})

describe('two runs side by side', () => {
  const run = (names: readonly string[], failed = -1) =>
    readRun(skeletonOf(names.map((name, row) => ({ name, parent: row === 0 ? -1 : 0, failed: row === failed }))))

  it('are aligned by their steps, with what only one of them did on its own line', () => {
    const pairs = align(run(['root', 'plan', 'search', 'write']), run(['root', 'plan', 'read', 'search', 'write']))
    expect(pairs.map(({ a, b }) => [a, b])).toEqual([
      [0, 0],
      [1, 1],
      [-1, 2],
      [2, 3],
      [3, 4],
    ])
    expect(firstDivergence(pairs)).toBe(2)
  })

  it('differ where the same step failed in one of them only', () => {
    const pairs = align(run(['root', 'plan', 'search']), run(['root', 'plan', 'search'], 2))
    expect(firstDivergence(pairs)).toBe(2)
  })

  it('do not differ when they did the same', () => {
    expect(firstDivergence(align(run(['root', 'plan']), run(['root', 'plan'])))).toBe(-1)
  })
})

it('gives the same places to the same graph, with loops and two edges between the same nodes', () => {
  const request = {
    id: 1,
    direction: 'LR' as const,
    nodes: ['a', 'b'].map((id) => ({ id, width: 100, height: 50 })),
    edges: [
      { from: 'a', to: 'b', width: 20, height: 16 },
      { from: 'a', to: 'b', width: 20, height: 16 },
      { from: 'b', to: 'a', width: 20, height: 16 },
      { from: 'b', to: 'b', width: 20, height: 16 },
    ],
  }
  const layout = layOut(request)
  expect(layout.nodes[1]!.x).toBeGreaterThan(layout.nodes[0]!.x)
  expect(layout.edges.every((edge) => edge.points.length > 1)).toBe(true)
  expect(layOut(request)).toEqual(layout)
})
