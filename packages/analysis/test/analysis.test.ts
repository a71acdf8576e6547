import { describe, expect, it } from 'vitest'
import {
  type ActingSpan,
  buildSpanTree,
  criticalPath,
  effectiveAgents,
  findFailure,
  findInteractions,
  type TreeSpan,
} from '../src/index.ts'

function span(id: string, parent: string | null, start: number, duration: number, status = 0): TreeSpan {
  return { id, parent, start, duration, status }
}

describe('buildSpanTree', () => {
  it('orders parents before children and siblings by start, each subtree together', () => {
    const spans = [span('c', 'a', 5, 1), span('b', 'a', 2, 5), span('d', 'b', 3, 1), span('a', null, 0, 9)]
    const tree = buildSpanTree(spans)
    expect(tree.order.map((i) => spans[i]!.id)).toEqual(['a', 'b', 'd', 'c'])
    expect([...tree.depth]).toEqual([1, 1, 2, 0])
    expect([...tree.descendants]).toEqual([0, 1, 0, 3])
    expect(tree.missingParent).toEqual([])
  })

  it('keeps every span when parents are missing or form cycles', () => {
    const spans = [
      span('a', 'b', 3, 1),
      span('b', 'c', 2, 1),
      span('c', 'a', 1, 1),
      span('self', 'self', 0, 1),
      span('x', 'gone', 4, 1),
      span('y', 'a', 5, 1),
    ]
    const tree = buildSpanTree(spans)
    expect(tree.order.map((i) => spans[i]!.id)).toEqual(['self', 'c', 'b', 'a', 'y', 'x'])
    expect(tree.cycle.map((i) => spans[i]!.id)).toEqual(['c', 'self'])
    expect(tree.missingParent.map((i) => spans[i]!.id)).toEqual(['x'])
  })

  it('arranges any random graph with each span exactly once and parents first', () => {
    let state = 12345
    const next = (most: number): number => ((state = (Math.imul(state, 1103515245) + 12345) >>> 0), state % most)
    for (let round = 0; round < 300; round++) {
      const n = 1 + next(30)
      const spans = Array.from({ length: n }, (_, i) =>
        span(`s${i}`, next(4) === 0 ? null : `s${next(n + 2)}`, next(100), next(50), next(3)),
      )
      const tree = buildSpanTree(spans)
      expect(tree.order.toSorted((a, b) => a - b)).toEqual(spans.map((_, i) => i))
      const place = new Map(tree.order.map((i, at) => [i, at]))
      spans.forEach((_, i) => {
        const up = tree.parent[i]!
        if (up === -1) return
        const distance = place.get(i)! - place.get(up)!
        expect(distance).toBeGreaterThan(0)
        expect(distance).toBeLessThanOrEqual(tree.descendants[up]!)
      })
      for (const i of criticalPath(spans, tree)) expect(place.has(i)).toBe(true)
      findFailure(spans, tree)
    }
  })
})

describe('findFailure', () => {
  it('follows the failed children down to the last one, and tells retries that were saved', () => {
    const spans = [
      span('root', null, 0, 100, 2),
      span('first', 'root', 0, 20),
      span('retried', 'first', 1, 5, 2),
      span('again', 'first', 7, 5),
      span('agent', 'root', 30, 60, 2),
      span('tool', 'agent', 40, 45, 2),
      span('ok', 'agent', 31, 5),
      span('after', 'root', 95, 2),
    ]
    const failure = findFailure(spans, buildSpanTree(spans))
    expect(spans[failure.origin]!.id).toBe('tool')
    expect(spans[failure.lastSuccess]!.id).toBe('ok')
    expect(failure.failed).toBe(true)
    expect(failure.recovered.map((i) => spans[i]!.id)).toEqual(['retried'])
  })

  it('goes by when steps ended, not by when they began', () => {
    const spans = [
      span('root', null, 0, 100, 2),
      span('slow', 'root', 10, 80, 2),
      span('quick', 'root', 20, 10, 2),
      span('long', 'root', 5, 80),
      span('short', 'root', 40, 10),
    ]
    const failure = findFailure(spans, buildSpanTree(spans))
    expect([failure.origin, failure.lastSuccess].map((i) => spans[i]!.id)).toEqual(['slow', 'long'])
  })

  it('of a trace that succeeded gives its first error as origin, and says that it did not fail', () => {
    const spans = [span('root', null, 0, 100), span('b', 'root', 9, 1, 2), span('a', 'root', 3, 1, 2)]
    const failure = findFailure(spans, buildSpanTree(spans))
    expect([failure.failed, spans[failure.origin]!.id]).toEqual([false, 'a'])
  })

  it('finds nothing where nothing failed', () => {
    const spans = [span('root', null, 0, 100)]
    expect(findFailure(spans, buildSpanTree(spans))).toEqual({
      failed: false,
      origin: -1,
      lastSuccess: -1,
      recovered: [],
    })
  })
})

describe('criticalPath', () => {
  it('takes the children that the end waited for, not those that ran beside them', () => {
    const spans = [
      span('root', null, 0, 100),
      span('a', 'root', 0, 40),
      span('beside', 'root', 5, 20),
      span('b', 'root', 45, 50),
      span('inner', 'b', 50, 40),
    ]
    const path = criticalPath(spans, buildSpanTree(spans))
    expect(path.map((i) => spans[i]!.id)).toEqual(['root', 'a', 'b', 'inner'])
  })
})

function acting(id: string, parent: string | null, start: number, what: Partial<ActingSpan>): TreeSpan & ActingSpan {
  return {
    ...span(id, parent, start, 1),
    type: 'other',
    agent: '',
    tool: '',
    model: '',
    errorType: '',
    target: '',
    kind: 1,
    ...what,
  }
}

function meetings(spans: readonly (TreeSpan & ActingSpan)[]): string[] {
  const tree = buildSpanTree(spans)
  return findInteractions(spans, tree, effectiveAgents(spans, tree)).map(
    ({ from, kind, to }) => `${from || 'user'} ${kind} ${to}`,
  )
}

describe('findInteractions', () => {
  it('tells who called whom, with agents inherited from above', () => {
    const spans = [
      acting('1', null, 0, { type: 'agent', agent: 'planner' }),
      acting('2', '1', 1, { type: 'model', model: 'gpt-4o' }),
      acting('3', '1', 2, { type: 'agent', agent: 'writer' }),
      acting('4', '3', 3, { type: 'tool', tool: 'save', errorType: 'EACCES' }),
    ]
    expect(meetings(spans)).toEqual([
      'user calls planner',
      'planner model gpt-4o',
      'planner calls writer',
      'writer tool save',
      'writer error EACCES',
    ])
  })

  it('counts a handover once, not also as a call of the user', () => {
    const spans = [
      acting('0', null, 0, { type: 'workflow' }),
      acting('1', '0', 1, { type: 'agent', agent: 'planner' }),
      acting('2', '1', 2, { type: 'handoff', target: 'writer' }),
      acting('3', '0', 3, { type: 'agent', agent: 'writer' }),
    ]
    expect(meetings(spans)).toEqual(['user calls planner', 'planner handoff writer'])
  })

  it('counts an agent that runs inside the handover or message to it once', () => {
    const spans = [
      acting('1', null, 0, { type: 'agent', agent: 'planner' }),
      acting('2', '1', 1, { type: 'handoff', agent: 'planner', target: 'writer' }),
      acting('3', '2', 2, { type: 'agent', agent: 'writer' }),
      acting('4', '3', 3, { type: 'message', agent: 'writer', target: 'critic', kind: 4 }),
      acting('5', '4', 4, { type: 'message', agent: 'writer', target: 'critic', kind: 5 }),
      acting('6', '5', 5, { type: 'agent', agent: 'critic' }),
    ]
    expect(meetings(spans)).toEqual(['user calls planner', 'planner handoff writer', 'writer message critic'])
  })

  it('counts a message where it is sent, not where it is received', () => {
    const spans = [
      acting('1', null, 0, { type: 'agent', agent: 'planner' }),
      acting('2', '1', 1, { type: 'message', target: 'writer', kind: 4 }),
      acting('3', '1', 2, { type: 'message', target: 'writer', kind: 5 }),
    ]
    expect(meetings(spans)).toEqual(['user calls planner', 'planner message writer'])
  })
})
