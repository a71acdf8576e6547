import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LiveEvent, TraceList } from '../src/index.ts'
import { type ConsoleFixture, startFixture } from './console-fixture.ts'
import { logRequest, spanId, timeNanos, traceRequest } from './otlp-json.ts'

let fixture: ConsoleFixture

beforeAll(async () => {
  fixture = await startFixture()
})
afterAll(() => fixture.stop())

describe('live updates', () => {
  it('tell of a new trace within a second, and of its change', async () => {
    const stop = new AbortController()
    const response = await fetch(`${fixture.url}/api/live`, { signal: stop.signal })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let buffered = ''
    const next = async (wanted: (event: LiveEvent) => boolean): Promise<LiveEvent> => {
      for (;;) {
        const end = buffered.indexOf('\n\n')
        if (end === -1) {
          buffered += (await reader.read()).value ?? ''
          continue
        }
        const data = /^data: (.*)$/m.exec(buffered.slice(0, end))?.[1]
        buffered = buffered.slice(end + 2)
        if (data === undefined) continue
        const event = JSON.parse(data) as LiveEvent
        if (wanted(event)) return event
      }
    }
    await next((event) => event.type === 'hello')
    const traceId = '7'.repeat(32)
    const has = (status: string) => (event: LiveEvent) =>
      event.type === 'traces' && event.traces.some((t) => t.traceId === traceId && t.status === status)
    await fixture.send('traces', traceRequest([{ traceId, spanId: spanId(2), parent: spanId(1) }]))
    await next(has('open'))
    await fixture.send('traces', traceRequest([{ traceId, spanId: spanId(1), error: 'broken' }]))
    await next(has('error'))
    await fixture.send('logs', logRequest([{ timeUnixNano: timeNanos(1), body: { stringValue: 'hello' } }]))
    const logs = await next((event) => event.type === 'logs')
    expect(logs).toMatchObject({ logs: [{ body: 'hello' }], skipped: 0 })
    const rates = await next((event) => event.type === 'rates')
    expect(rates).toMatchObject({ stored: { logs: 1 } })
    stop.abort()
    await fixture.until<TraceList>('/api/traces?status=error', ({ traces }) => traces.length === 1)
  })
})
