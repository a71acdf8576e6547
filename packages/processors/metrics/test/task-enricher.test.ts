import { context, trace, type Attributes, type Context, type Span } from '@opentelemetry/api'
import { startOperation } from '@agentel/api'
import { enricherProcessor } from '@agentel/processor-kit'
import { createTestTelemetry } from '@agentel/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { taskEnricher } from '../src/index.ts'
import { CHAT } from './spans.ts'

const AGENT: Attributes = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'writer' }

let telemetry: ReturnType<typeof createTestTelemetry>
beforeEach(() => {
  telemetry = createTestTelemetry({ spanProcessors: [enricherProcessor([taskEnricher()])] })
})
afterEach(() => telemetry.shutdown())

function start(
  name: string,
  attributes: Attributes,
  parent: Context = context.active(),
): { span: Span; inside: Context } {
  const span = trace.getTracer('test').startSpan(name, { attributes }, parent)
  return { span, inside: trace.setSpan(parent, span) }
}

const task = (name: string, parent?: Context) => start(name, { 'agentel.task.name': name }, parent)

const call = (parent: Context, cost?: number) =>
  start('chat', { ...CHAT, ...(cost === undefined ? {} : { 'agentel.cost.amount': cost }) }, parent).span.end()

/** Uses the CPU until its clock has moved by 5 ms. */
function work(): void {
  const now = () => {
    const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage()
    return user + system
  }
  const until = now() + 5000
  while (now() < until) Math.sqrt(2)
}

const said = () =>
  Object.fromEntries(
    telemetry
      .spans()
      .map(({ name, attributes }) => [
        name,
        { sum: attributes['agentel.cost.sum'], cpu: attributes['agentel.task.cpu.time'] },
      ]),
  )

describe('a task', () => {
  it('says what all calls below it cost, those of its agents and inner tasks too, but no cost of its own', () => {
    const outer = task('report')
    const agent = start('writer', AGENT, outer.inside)
    const step = start('step', {}, agent.inside)
    call(step.inside, 1)
    step.span.end()
    const inner = task('summarise', agent.inside)
    call(inner.inside, 2)
    call(inner.inside)
    for (const one of [inner, agent, outer]) one.span.end()
    const other = task('unpriced')
    call(other.inside)
    other.span.end()
    expect(said()).toMatchObject({
      summarise: { sum: 2 },
      writer: { sum: 3 },
      report: { sum: 3 },
      step: { sum: undefined },
      unpriced: { sum: undefined },
    })
    const costs = telemetry.spans().filter(({ attributes }) => 'agentel.cost.amount' in attributes)
    expect(costs.map(({ name }) => name)).toEqual(['chat', 'chat'])
  })

  it('says the same of the agents and the calls that our own API starts', () => {
    const agent = startOperation({ name: 'writer', attributes: AGENT })
    const inside = { parent: agent.context, attributes: { ...CHAT, 'agentel.cost.amount': 2 } }
    startOperation({ name: 'chat', ...inside }).end()
    startOperation({ name: 'chat', ...inside }).end()
    agent.end()
    expect(said()).toMatchObject({ writer: { sum: 4, cpu: expect.any(Number) } })
  })

  it('says how much CPU it took when it ran alone, with what is in it', () => {
    const outer = task('outer')
    const inner = task('inner', outer.inside)
    work()
    inner.span.end()
    work()
    outer.span.end()
    const { inner: one, outer: all } = said()
    expect(one?.cpu).toBeGreaterThanOrEqual(0.004)
    expect(Number(all?.cpu)).toBeGreaterThanOrEqual(Number(one?.cpu) + 0.004)
  })

  it('says nothing of CPU when another overlapped, and what holds both does', () => {
    const desk = start('desk', { 'gen_ai.operation.name': 'invoke_workflow' })
    const first = task('first', desk.inside)
    const second = task('second', desk.inside)
    first.span.end()
    second.span.end()
    const third = task('third', desk.inside)
    third.span.end()
    desk.span.end()
    expect(said()).toMatchObject({
      first: { cpu: undefined },
      second: { cpu: undefined },
      third: { cpu: expect.any(Number) },
      desk: { cpu: expect.any(Number) },
    })
  })

  it('says nothing of CPU of what is inside of more than is watched: who overlaps there is not known', () => {
    const around: ReturnType<typeof task>[] = []
    for (let n = 0; n < 1000; n++) around.push(task(`task ${n}`, around.at(-1)?.inside))
    const [one, other] = ['one', 'other'].map((name) => task(name, around.at(-1)?.inside))
    for (const { span } of [one!, other!, ...around.toReversed()]) span.end()
    const { one: first, other: second, ...rest } = said()
    expect([first, second]).toEqual([
      { sum: undefined, cpu: undefined },
      { sum: undefined, cpu: undefined },
    ])
    expect(Object.values(rest)).toEqual(
      Array.from({ length: 1000 }, () => ({ sum: undefined, cpu: expect.any(Number) })),
    )
  })

  it('says nothing of CPU where more goes on than is watched, and does again afterwards', () => {
    const many = Array.from({ length: 1001 }, (_, n) => task(`task ${n}`))
    many.forEach(({ span }) => span.end())
    const after = task('after')
    after.span.end()
    expect(Object.values(said()).filter(({ cpu }) => cpu !== undefined)).toHaveLength(1)
    expect(said().after?.cpu).toEqual(expect.any(Number))
  })
})
