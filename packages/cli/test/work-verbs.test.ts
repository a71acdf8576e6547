import type { EventList, Transaction, WorkerList } from '@agentel/console'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, openDesk, send } from './desk.ts'

const START = Date.now() - 60_000
const PRODUCER = 4
const CONSUMER = 5

/** An order that is published, packed and then mailed in vain. */
const SPANS = [
  span(1, undefined, PRODUCER, [0, 2], { type: 'order.created', stage: 'published' }),
  span(2, 1, CONSUMER, [10, 6000], { type: 'order.created', stage: 'completed', worker: 'packer' }),
  span(3, 2, PRODUCER, [6001, 6002], { type: 'order.packed', stage: 'published' }),
  span(4, 3, CONSUMER, [6012, 6112], {
    type: 'order.packed',
    stage: 'error',
    worker: 'mailer',
    error: 'no such address',
  }),
]

interface Facts {
  readonly type: string
  readonly stage: string
  readonly worker?: string
  readonly error?: string
}

function span(n: number, parent: number | undefined, kind: number, [from, to]: [number, number], facts: Facts) {
  const attributes = {
    'agentel.event.type': facts.type,
    'agentel.event.stage': facts.stage,
    'agentel.event.id': 'e1',
    'agentel.transaction.id': 'order/47 11',
    ...(facts.worker === undefined ? {} : { 'agentel.worker.name': facts.worker }),
    ...(facts.error === undefined ? {} : { 'error.type': 'E_MAIL' }),
  }
  const id = (number: number): string => String(number).padStart(16, '0')
  return {
    traceId: 'b'.repeat(32),
    spanId: id(n),
    ...(parent === undefined ? {} : { parentSpanId: id(parent) }),
    name: 'x',
    kind,
    startTimeUnixNano: `${BigInt(START + from) * 1_000_000n}`,
    endTimeUnixNano: `${BigInt(START + to) * 1_000_000n}`,
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } })),
    status: facts.error === undefined ? {} : { code: 2, message: facts.error },
  }
}

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }
  await send(desk.url, 'traces', { resourceSpans: [{ resource, scopeSpans: [{ spans: SPANS }] }] })
})
afterAll(() => desk.stop())

async function lines(...args: string[]): Promise<string[][]> {
  const { code, stdout, stderr } = await desk.run(...args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/))
}

describe('agentel events', () => {
  it('says what became of the events of each type', async () => {
    const [head, ...rows] = await lines('events', '--since', '1h')
    expect(head!.join(', ')).toBe(
      'published, received, completed, failed, share, success, handling p95, latency, p95, a minute, event',
    )
    expect(rows).toEqual([
      ['1', '1', '1', '0', '50 %', '100 %', '5.99 s', '6.00 s', '6.00 s', '0.0167', 'order.created'],
      ['1', '1', '0', '1', '50 %', '0 %', '100 ms', '111 ms', '111 ms', '0.0167', 'order.packed'],
    ])
    const { stdout } = await desk.run('events', '--json')
    expect((JSON.parse(stdout) as EventList).rows.map(({ type }) => type)).toEqual(['order.created', 'order.packed'])
    expect(await lines('events', '--service', 'nobody')).toEqual([[expect.stringContaining('No event was published')]])
  })
})

describe('agentel workers', () => {
  it('says how often each ran, how well and how long, and all together', async () => {
    const [head, ...rows] = await lines('workers')
    expect(head).toEqual(['executions', 'failed', 'success', 'mean', 'p95', 'over 5.00 s', 'last', 'worker'])
    expect(rows).toEqual([
      ['1', '1', '0 %', '100 ms', '100 ms', '0', expect.any(String), 'mailer'],
      ['1', '0', '100 %', '5.99 s', '5.99 s', '1', expect.any(String), 'packer'],
      ['2', '1', '50 %', '3.04 s', '5.99 s', '1', '2 workers'],
    ])
    const { stdout } = await desk.run('workers', '--slower-than', '50', '--json')
    expect((JSON.parse(stdout) as WorkerList).summary.slow).toBe(2)
    expect(await lines('workers', '--service', 'nobody')).toEqual([[expect.stringContaining('No worker ran')]])
  })
})

describe('agentel transaction', () => {
  it('shows the stages in order, with what led to each and what failed', async () => {
    const [head, title, ...rows] = await lines('transaction', 'order/47 11')
    expect(head).toEqual(['6 stages in 6.11 s, 1 failed'])
    expect(title).toEqual(['at', 'stage', 'took', 'event'])
    expect(rows).toEqual([
      ['+2.00 ms', 'published', '2.00 ms', 'to publish', 'order.created e1 in shop'],
      ['+10.0 ms', 'received', '8.00 ms', 'waited', 'order.created e1 in shop'],
      ['+6.00 s', 'completed', '5.99 s', 'to handle', 'order.created e1 in shop'],
      ['+6.00 s', 'published', '1.00 ms', 'to publish', 'order.packed e1 in shop'],
      ['+6.01 s', 'received', '10.0 ms', 'waited', 'order.packed e1 in shop'],
      ['+6.11 s', 'error', '100 ms', 'until it failed', 'order.packed e1 in shop', 'E_MAIL: no such address'],
    ])
    const { stdout } = await desk.run('transaction', 'order/47 11', '--json')
    expect((JSON.parse(stdout) as Transaction).counts).toEqual({ published: 2, received: 2, completed: 1, error: 1 })
  })

  it('of an id that no event names is an error', async () => {
    const { code, stdout, stderr } = await desk.run('transaction', 'nothing')
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).not.toBe('')
  })
})
