import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { configureContent, startTask, task, wrapTask } from '../src/index.ts'
import { eventsOf, useTelemetry } from './telemetry.ts'

const telemetry = useTelemetry()
const seconds = expect.toSatisfy((value: unknown) => typeof value === 'number' && value >= 0 && value < 60)

describe('task', () => {
  it('is one span and two events', async () => {
    const options = { name: 'summarize', id: 't1', type: 'writing', parameters: { text: 'secret' } }
    expect(await task(options, async () => 'short')).toBe('short')
    const span = telemetry.span('task summarize')
    const attributes = { 'agentel.task.id': 't1', 'agentel.task.name': 'summarize', 'agentel.task.type': 'writing' }
    expect(span.attributes).toEqual(attributes)
    expect([span.kind, span.status]).toEqual([SpanKind.INTERNAL, { code: SpanStatusCode.UNSET }])
    expect(eventsOf(telemetry)).toEqual([
      ['agentel.task.started', 9, attributes],
      ['agentel.task.completed', 9, { ...attributes, 'agentel.duration': seconds }],
    ])
    for (const record of telemetry.logs()) expect(record.spanContext).toEqual(span.spanContext())
  })

  it('records parameters and result only where content may go', async () => {
    configureContent({ capture: 'SPAN_ONLY' })
    await task({ name: 'a', parameters: { text: 'in' } }, async () => ({ text: 'out' }))
    expect(telemetry.span('task a').attributes).toEqual({
      'agentel.task.name': 'a',
      'agentel.task.parameters': '{"text":"in"}',
      'agentel.task.result': '{"text":"out"}',
    })
    expect(JSON.stringify(eventsOf(telemetry))).not.toMatch(/"(in|out)"/)
    telemetry.reset()
    configureContent({ capture: 'EVENT_ONLY' })
    const long = 'x'.repeat(5000)
    await task({ name: 'b', parameters: 'in' }, async () => long)
    expect(telemetry.span('task b').attributes).toEqual({ 'agentel.task.name': 'b' })
    expect(eventsOf(telemetry)).toEqual([
      ['agentel.task.started', 9, { 'agentel.task.name': 'b', 'agentel.task.parameters': 'in' }],
      [
        'agentel.task.completed',
        9,
        {
          'agentel.task.name': 'b',
          'agentel.duration': seconds,
          'agentel.task.result': `${'x'.repeat(199)}…`,
          'agentel.content.length': 5000,
        },
      ],
    ])
  })

  it.each([
    ['timeout', AbortSignal.timeout(0), 'timeout', 'timeout'],
    ['cancelled', AbortSignal.abort(), 'cancelled', 'other'],
  ])('that is %s is an error of that type', async (_, signal, type, category) => {
    await expect(
      task('t', async () => {
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
        throw signal.reason
      }),
    ).rejects.toBe(signal.reason)
    const span = telemetry.span('task t')
    expect(span.status.code).toBe(SpanStatusCode.ERROR)
    expect(span.attributes).toEqual({
      'agentel.task.name': 't',
      'error.type': type,
      'agentel.error.category': category,
    })
    expect(eventsOf(telemetry).at(-1)).toEqual([
      'agentel.task.failed',
      17,
      { 'agentel.task.name': 't', 'agentel.duration': seconds, 'error.type': type, 'agentel.error.category': category },
    ])
  })

  it('records an exception that passes through three of them once, where it first shows', async () => {
    const fail = (): Promise<void> => task('inner', () => Promise.reject(new Error('broken')))
    await expect(task('outer', () => task('middle', fail))).rejects.toThrow('broken')
    expect(telemetry.spans().map(({ name, status }) => [name, status.code])).toEqual([
      ['task inner', SpanStatusCode.ERROR],
      ['task middle', SpanStatusCode.ERROR],
      ['task outer', SpanStatusCode.ERROR],
    ])
    const exceptions = telemetry.logs().filter(({ eventName }) => eventName === 'gen_ai.client.operation.exception')
    expect(exceptions).toHaveLength(1)
    expect(exceptions[0]!.spanContext?.spanId).toBe(telemetry.span('task inner').spanContext().spanId)
  })

  it('says where it is in the run', () => {
    task(
      {
        name: 't',
        turn: 2,
        iteration: 3,
        node: { id: 'n1', name: 'draft', parentIds: ['n0'] },
        retry: { attempt: 2, delay: 0.5 },
        attributes: { own: true },
      },
      () => undefined,
    )
    expect(telemetry.span('task t').attributes).toEqual({
      'agentel.task.name': 't',
      'agentel.turn.number': 2,
      'agentel.iteration.number': 3,
      'agentel.graph.node.id': 'n1',
      'agentel.graph.node.name': 'draft',
      'agentel.graph.node.parent_ids': ['n0'],
      'agentel.retry.attempt': 2,
      'agentel.retry.delay': 0.5,
      own: true,
    })
  })
})

describe('startTask', () => {
  it('outlives the function that started it, and its children are inside', () => {
    const handle = startTask('outer')
    handle.run(() => task('inner', () => undefined))
    expect(telemetry.spans().map(({ name }) => name)).toEqual(['task inner'])
    handle.result('done')
    handle.end()
    handle.end()
    expect(telemetry.span('task inner').parentSpanContext?.spanId).toBe(
      telemetry.span('task outer').spanContext().spanId,
    )
    expect(telemetry.logs().filter(({ eventName }) => eventName === 'agentel.task.completed')).toHaveLength(2)
  })

  it('may be ended out of order', () => {
    const outer = startTask('outer')
    const inner = outer.run(() => startTask('inner'))
    outer.end()
    inner.fail(new Error('late'))
    inner.end()
    expect(telemetry.spans().map(({ name, status }) => [name, status.code])).toEqual([
      ['task outer', SpanStatusCode.UNSET],
      ['task inner', SpanStatusCode.ERROR],
    ])
  })

  it('is ended by its disposal', () => {
    const handle = startTask('t')
    handle[Symbol.dispose]()
    expect(handle.ended).toBe(true)
    expect(telemetry.spans()).toHaveLength(1)
  })
})

describe('wrapTask', () => {
  it('keeps everything of the function but what it is for', async () => {
    const original = Object.assign(
      async function summarize(this: unknown, text: string, _limit: number) {
        return [this, text.toUpperCase()]
      },
      { schema: { type: 'object' } },
    )
    const wrapped = wrapTask(original)
    expect([wrapped.name, wrapped.length, wrapped.schema]).toEqual(['summarize', 2, { type: 'object' }])
    const self = {}
    expect(await wrapped.call(self, 'a', 1)).toEqual([self, 'A'])
    expect(telemetry.span('task summarize').attributes).toEqual({ 'agentel.task.name': 'summarize' })
  })

  it('takes options that depend on the arguments, and records these as parameters', () => {
    configureContent({ capture: 'SPAN_ONLY' })
    const wrapped = wrapTask(
      (order: { id: string }) => order.id,
      (order) => ({ name: 'ship', id: order.id }),
    )
    expect(wrapped({ id: 'o1' })).toBe('o1')
    expect(telemetry.span('task ship').attributes).toEqual({
      'agentel.task.name': 'ship',
      'agentel.task.id': 'o1',
      'agentel.task.parameters': '{"id":"o1"}',
      'agentel.task.result': '"o1"',
    })
  })
})
