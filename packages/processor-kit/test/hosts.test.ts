import { join } from 'node:path'
import { installSdk } from '@agentel/testing/contract'
import { describe, expect, it } from 'vitest'
import { runInHost } from './host-copy.ts'

const root = join(import.meta.dirname, '../../..')
const folders = { matrix: join(root, 'test/matrix'), cache: join(root, '.cache/matrix') }
const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name)

describe('in a host with api 1.9 and SDK 2.12', () => {
  it('spans and events are enriched for exporters of any place, faults are counted, and drops are recorded', async () => {
    const host = await installSdk('opentelemetry', 2, folders)
    const spans = [
      { name: 'foreign', attributes: { 'user.id': 'u1', edited: true }, status: { code: 0 } },
      {
        name: 'task t',
        attributes: {
          'user.id': 'u1',
          'gen_ai.agent.name': 'planner',
          'agentel.task.name': 't',
          'error.type': 'TypeError',
          'agentel.error.category': 'other',
          edited: true,
        },
        status: { code: 2, message: 'broken' },
      },
      {
        name: 'invoke_agent planner',
        attributes: {
          'user.id': 'u1',
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.agent.name': 'planner',
          edited: true,
        },
        status: { code: 0 },
      },
    ]
    const event = (eventName: string, attributes: object): object => ({
      eventName,
      hasSpan: true,
      attributes: { 'user.id': 'u1', 'gen_ai.agent.name': 'planner', edited: true, ...attributes },
    })
    expect(runInHost(host, fixture('sdk-2-host.ts'))).toEqual({
      hasLogs: false,
      before: spans,
      after: spans,
      recorded: spans.map(({ name }) => name),
      unsampled: { exported: 0, recorded: ['chat m'] },
      events: [
        event('agentel.task.started', { 'agentel.task.name': 't' }),
        event('gen_ai.client.operation.exception', {
          'exception.type': 'TypeError',
          'exception.message': 'broken',
          'exception.stacktrace': expect.stringContaining('    at '),
        }),
        event('agentel.task.failed', {
          'agentel.task.name': 't',
          'agentel.duration': expect.any(Number),
          'error.type': 'TypeError',
          'agentel.error.category': 'other',
        }),
      ],
      faults: { 'bad.onStart': 4, 'bad.onEnding': 4, 'bad.onEnd': 4, 'bad.onLog': 3 },
    })
  })
})

describe('in a host with sdk-trace-base 2.2.0', () => {
  it('which never calls onEnding, exporters get enriched spans all the same', async () => {
    const host = await installSdk('opentelemetry-2.2', 2, folders)
    const enriched = [
      {
        name: 'renamed',
        attributes: { secret: '[redacted]', kept: 2, cost: 0.1 },
        status: { code: 2, message: '[redacted]' },
        events: [{ prompt: '[redacted]' }],
      },
    ]
    expect(runInHost(host, fixture('without-on-ending.ts'))).toEqual({
      onEnding: 0,
      before: enriched,
      after: enriched,
      simple: enriched,
      faults: { 'bad.onEnding': 1 },
    })
  })
})

describe('in a host with @vercel/otel', () => {
  it('which keeps onEnding to itself, exporters get enriched spans all the same', async () => {
    const host = await installSdk('vercel-otel', 2, folders)
    expect(runInHost(host, fixture('vercel-host.ts'))).toEqual({
      onEnding: 0,
      spans: [
        { name: 'foreign', user: 'u1', edited: true },
        { name: 'task t', user: 'u1', edited: true },
      ],
      faults: {},
    })
  })
})
