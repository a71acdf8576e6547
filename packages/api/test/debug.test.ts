import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import { expect, it } from 'vitest'
import { agent, isDebug, recordDecision, startTask, tool, withDebug, withIdentity } from '../src/index.ts'
import { eventsOf, useTelemetry } from './telemetry.ts'

const telemetry = useTelemetry()
const search = () => tool({ name: 'search', arguments: { q: 'rain' } }, () => ({ hits: 1 }))

it('records the content of one request on spans and events, keeps its spans, and leaves others as they are', async () => {
  search()
  await withIdentity({ tags: ['beta'] }, () => withDebug(async () => search()))
  search()
  const plain = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'search',
    'gen_ai.tool.type': 'function',
  }
  const content = { 'gen_ai.tool.call.arguments': '{"q":"rain"}', 'gen_ai.tool.call.result': '{"hits":1}' }
  const debugged = { 'agentel.sampling.priority': 1, 'agentel.tags': ['beta', 'debug'] }
  expect(telemetry.spans().map(({ attributes }) => attributes)).toEqual([
    plain,
    { ...plain, ...content, ...debugged },
    plain,
  ])
  const event = { 'gen_ai.tool.name': 'search', 'agentel.duration': expect.any(Number), 'agentel.content.length': 10 }
  expect(eventsOf(telemetry)).toEqual([
    ['agentel.tool.called', 9, event],
    [
      'agentel.tool.called',
      9,
      { ...event, 'agentel.content.preview': '{"hits":1}', 'agentel.tags': ['beta', 'debug'] },
    ],
    ['agentel.tool.called', 9, event],
  ])
})

it('holds for what began in the request, wherever it ends', () => {
  const task = withDebug(() => startTask({ name: 'mail', parameters: { to: 'a' } }))
  task.result('sent')
  task.end()
  withDebug(() => agent('writer', () => recordDecision({ name: 'next', options: ['a', 'b'], reason: 'why not' })))
  expect(telemetry.span('task mail').attributes).toMatchObject({ 'agentel.task.result': '"sent"' })
  const of = (name: string) => telemetry.logs().find(({ eventName }) => eventName === name)?.attributes
  expect(of('agentel.task.completed')).toMatchObject({ 'agentel.task.result': 'sent' })
  expect(of('agentel.decision')).toMatchObject({
    'agentel.decision.options': ['a', 'b'],
    'agentel.decision.reason': 'why not',
  })
})

it('is only what it is asked for, and ends with its function', () => {
  expect(withDebug(() => isDebug(), false)).toBe(false)
  expect(withDebug(() => [isDebug(), context.with(ROOT_CONTEXT, () => isDebug())])).toEqual([true, false])
  expect(isDebug()).toBe(false)
  expect(() =>
    withDebug(() => {
      throw new RangeError('as it is')
    }),
  ).toThrow(new RangeError('as it is'))
})
