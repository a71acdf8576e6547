import { describe, expect, it } from 'vitest'
import { type ActingSpan, buildSpanTree, toolDependencies, type TreeSpan } from '../src/index.ts'

function span(id: string, type: string, parent: string | null, start: number, end: number): ActingSpan & TreeSpan {
  const none = { agent: '', tool: '', model: '', errorType: '', target: '', kind: 0, status: 0 }
  return { id, type, parent, start, duration: end - start, ...none }
}

/** The ids of what each tool waited for. */
function found(spans: readonly (ActingSpan & TreeSpan)[]): Record<string, string[]> {
  const id = (i: number) => spans[i]!.id
  const dependencies = toolDependencies(spans, buildSpanTree(spans))
  return Object.fromEntries(dependencies.flatMap(({ tools, on }) => tools.map((tool) => [id(tool), on.map(id)])))
}

describe('the dependencies of tool calls', () => {
  it('are what the model had newly seen when it asked: not what ran beside it, nor what an earlier call had seen', () => {
    const spans = [
      span('run', 'agent', null, 0, 100),
      span('plan', 'model', 'run', 0, 10),
      span('search', 'tool', 'run', 11, 20),
      span('fetch', 'tool', 'run', 12, 30),
      span('read', 'model', 'run', 31, 40),
      span('sum', 'tool', 'run', 41, 50),
      span('write', 'model', 'run', 51, 60),
      span('mail', 'tool', 'run', 61, 70),
    ]
    expect(found(spans)).toEqual({ search: [], fetch: [], sum: ['search', 'fetch'], mail: ['sum'] })
  })

  it('do not reach into the run of another agent, nor wait for what ended too late', () => {
    const spans = [
      span('desk', 'workflow', null, 0, 100),
      span('a', 'agent', 'desk', 0, 50),
      span('a.ask', 'model', 'a', 0, 5),
      span('a.slow', 'tool', 'a', 6, 45),
      span('a.quick', 'tool', 'a', 6, 8),
      span('a.again', 'model', 'a', 10, 15),
      span('a.next', 'tool', 'a', 16, 20),
      span('b', 'agent', 'desk', 0, 50),
      span('b.ask', 'model', 'b', 20, 25),
      span('b.tool', 'tool', 'b', 26, 30),
    ]
    expect(found(spans)).toEqual({ 'a.slow': [], 'a.quick': [], 'a.next': ['a.quick'], 'b.tool': [] })
  })

  it('are known through spans in between, and for tools that ran before any model was asked', () => {
    const spans = [
      span('run', 'agent', null, 0, 100),
      span('load', 'tool', 'run', 0, 5),
      span('step', 'other', 'run', 6, 50),
      span('ask', 'model', 'step', 7, 10),
      span('save', 'tool', 'step', 11, 20),
    ]
    expect(found(spans)).toEqual({ load: [], save: ['load'] })
  })

  it('name each call at most twice, however many one model call asks for after however many others', () => {
    const many = (ask: string, at: number) =>
      Array.from({ length: 3000 }, (_, i) => span(`${ask}.${i}`, 'tool', 'run', at, at + 10))
    const spans = [
      span('run', 'agent', null, 0, 100),
      span('first', 'model', 'run', 0, 10),
      ...many('first', 11),
      span('second', 'model', 'run', 30, 40),
      ...many('second', 41),
    ]
    const dependencies = toolDependencies(spans, buildSpanTree(spans))
    expect(dependencies.map(({ tools, on }) => [tools.length, on.length])).toEqual([
      [3000, 0],
      [3000, 3000],
    ])
  })
})
