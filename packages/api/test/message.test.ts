import { SpanKind, SpanStatusCode, context, propagation, trace } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import {
  agent,
  event,
  getIdentity,
  getTransaction,
  processEvent,
  publishEvent,
  receiveMessage,
  sendMessage,
  span,
  startSendMessage,
  withIdentity,
} from '../src/index.ts'
import { eventsOf, useTelemetry } from './telemetry.ts'

const telemetry = useTelemetry()

describe('sendMessage and receiveMessage', () => {
  it('are one trace over the carrier, parent and link, with the identity of the sender', async () => {
    const headers = {}
    const identity = {
      userId: 'u1',
      sessionId: 's1',
      conversationId: 'c1',
      tenantId: 't1',
      tags: ['a,b'],
      metadata: { plan: 'pro;x' },
    }
    await withIdentity(identity, () =>
      agent('planner', () =>
        sendMessage(
          { target: 'writer', type: 'request', id: 'm1', body: 'äö', carrier: headers },
          async () => undefined,
        ),
      ),
    )
    // The other process: nothing of the sender's context is here.
    await agent('writer', () =>
      receiveMessage({ source: 'planner', type: 'request', id: 'm1', body: 'äö', carrier: headers }, async () => {
        expect(getIdentity()).toEqual(identity)
        expect(propagation.getBaggage(context.active())?.getAllEntries() ?? []).toEqual([])
      }),
    )
    const [sent, received] = [telemetry.span('send writer'), telemetry.span('process planner')]
    const stamped = {
      'user.id': 'u1',
      'session.id': 's1',
      'gen_ai.conversation.id': 'c1',
      'agentel.tenant.id': 't1',
      'agentel.tags': ['a,b'],
      'agentel.metadata.plan': 'pro;x',
    }
    const message = {
      'agentel.message.source.name': 'planner',
      'agentel.message.target.name': 'writer',
      'agentel.message.type': 'request',
      'agentel.message.id': 'm1',
      'agentel.message.body.size': 4,
    }
    expect(sent.attributes).toEqual({ ...stamped, ...message, 'gen_ai.agent.name': 'planner' })
    expect(received.attributes).toEqual({ ...stamped, ...message, 'gen_ai.agent.name': 'writer' })
    expect([sent.kind, received.kind]).toEqual([SpanKind.PRODUCER, SpanKind.CONSUMER])
    expect(received.spanContext().traceId).toBe(sent.spanContext().traceId)
    expect(received.parentSpanContext?.spanId).toBe(sent.spanContext().spanId)
    expect(received.links.map((link) => link.context.spanId)).toEqual([
      sent.spanContext().spanId,
      telemetry.span('invoke_agent writer').spanContext().spanId,
    ])
    expect(eventsOf(telemetry)).toEqual([
      ['agentel.message.sent', 9, { ...stamped, ...message, 'gen_ai.agent.name': 'planner' }],
      ['agentel.message.received', 9, { ...stamped, ...message, 'gen_ai.agent.name': 'writer' }],
    ])
  })

  it('keep the identity from a receiver that must not know it, and from a sender that must not say it', () => {
    const headers: Record<string, string> = {}
    withIdentity({ userId: 'u1' }, () => startSendMessage({ target: 'a', carrier: headers, identity: false }).end())
    expect(Object.keys(headers)).toEqual(['traceparent'])
    receiveMessage({ source: 'stranger', carrier: { baggage: 'agentel.user.id=admin' }, accept: false }, () => {
      expect(getIdentity()).toEqual({})
    })
  })

  it('are client and server when the sender waits', () => {
    sendMessage({ target: 'a', isRequest: true }, () => undefined)
    receiveMessage({ source: 'b', isRequest: true }, () => undefined)
    expect(telemetry.span('send a').kind).toBe(SpanKind.CLIENT)
    expect(telemetry.span('process b').kind).toBe(SpanKind.SERVER)
    expect(telemetry.span('process b').links).toEqual([])
  })

  it('that cannot be sent is an error, in the event too', async () => {
    await expect(sendMessage({ target: 'a' }, () => Promise.reject(new TypeError('no queue')))).rejects.toThrow(
      'no queue',
    )
    expect(telemetry.span('send a').status.code).toBe(SpanStatusCode.ERROR)
    expect(telemetry.logs().at(-1)!.attributes).toEqual({
      'agentel.message.target.name': 'a',
      'error.type': 'TypeError',
    })
  })

  it.each([
    ['nothing', undefined],
    ['rubbish', { traceparent: 'rubbish', baggage: 'agentel.user.id=%E0%A4%A,=,;;,agentel.tags=notjson' }],
    ['too much', { baggage: `agentel.user.id=${'x'.repeat(10_000)}` }],
    ['one id too long', { baggage: `agentel.user.id=${'x'.repeat(600)}` }],
    [
      'a carrier that throws',
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('no')
          },
          ownKeys: () => {
            throw new Error('no')
          },
        },
      ),
    ],
    ['a frozen carrier', Object.freeze({})],
  ])('survive %s as a carrier', (_, carrier) => {
    const options = carrier === undefined ? {} : { carrier }
    expect(sendMessage({ target: 'a', ...options }, () => 1)).toBe(1)
    expect(receiveMessage({ source: 'b', ...options }, () => getIdentity())).toEqual({})
    expect(telemetry.spans()).toHaveLength(2)
  })
})

describe('publishEvent and processEvent', () => {
  it('carry stage and transaction from one to the other', async () => {
    const headers = {}
    await publishEvent(
      { type: 'order.created', id: 'e1', transactionId: 'tx1', carrier: headers },
      async () => undefined,
    )
    await processEvent({ type: 'order.created', id: 'e1', transactionId: 'tx1', carrier: headers }, async () => {
      expect((trace.getActiveSpan() as unknown as { attributes: object }).attributes).toMatchObject({
        'agentel.event.stage': 'received',
      })
      await publishEvent('order.shipped', async () => undefined)
    })
    await expect(processEvent('order.lost', () => Promise.reject(new Error('lost')))).rejects.toThrow('lost')
    const facts = telemetry.spans().map(({ name, kind, attributes }) => [name, kind, attributes])
    const order = { 'agentel.event.type': 'order.created', 'agentel.event.id': 'e1', 'agentel.transaction.id': 'tx1' }
    expect(facts).toEqual([
      ['publish order.created', SpanKind.PRODUCER, { ...order, 'agentel.event.stage': 'published' }],
      [
        'publish order.shipped',
        SpanKind.PRODUCER,
        { 'agentel.event.type': 'order.shipped', 'agentel.transaction.id': 'tx1', 'agentel.event.stage': 'published' },
      ],
      ['process order.created', SpanKind.CONSUMER, { ...order, 'agentel.event.stage': 'completed' }],
      [
        'process order.lost',
        SpanKind.CONSUMER,
        {
          'agentel.event.type': 'order.lost',
          'agentel.event.stage': 'error',
          'error.type': 'Error',
          'agentel.error.category': 'other',
        },
      ],
    ])
    const [published, , processed] = telemetry.spans()
    expect(processed!.parentSpanContext?.spanId).toBe(published!.spanContext().spanId)
    expect(processed!.links.map((link) => link.context.spanId)).toEqual([published!.spanContext().spanId])
  })
})

it('processEvent of an event that is given back to the bus stays received, unless it failed', () => {
  processEvent('order.created', (handle) => handle.postpone())
  expect(() =>
    processEvent('order.created', (handle) => {
      handle.postpone()
      throw new Error('broken')
    }),
  ).toThrow('broken')
  expect(telemetry.spans().map((one) => one.attributes['agentel.event.stage'])).toEqual(['received', 'error'])
})

describe('event', () => {
  const order = { 'agentel.event.type': 'order.created', 'agentel.event.id': 'e1', 'agentel.transaction.id': 'tx 1,ä' }

  it('is told stage by stage on both sides of a bus, whose carrier brings trace and transaction', () => {
    const headers = {}
    event('order.created', 'e1', { transactionId: 'tx 1,ä', carrier: headers }).published()
    const received = event('order.created', 'e1', { carrier: headers })
    received.received()
    received.run(() => {
      expect(getTransaction()).toBe('tx 1,ä')
      expect(propagation.getBaggage(context.active())?.getAllEntries() ?? []).toEqual([])
      event('order.shipped').published()
    })
    received.completed()
    received.completed()
    const [published, shipped, processed] = telemetry.spans()
    expect(telemetry.spans().map(({ name, attributes }) => [name, attributes])).toEqual([
      ['publish order.created', { ...order, 'agentel.event.stage': 'published' }],
      [
        'publish order.shipped',
        {
          'agentel.event.type': 'order.shipped',
          'agentel.transaction.id': 'tx 1,ä',
          'agentel.event.stage': 'published',
        },
      ],
      ['process order.created', { ...order, 'agentel.event.stage': 'completed' }],
    ])
    expect(processed!.parentSpanContext?.spanId).toBe(published!.spanContext().spanId)
    expect(shipped!.parentSpanContext?.spanId).toBe(processed!.spanContext().spanId)
  })

  it('gives back what its callbacks give, and throws what they throw', async () => {
    const staged = event('order.created', 'e1', { transactionId: 'tx 1,ä' })
    expect(staged.published(() => 7)).toBe(7)
    await expect(staged.received(() => Promise.resolve('done'))).resolves.toBe('done')
    expect(staged.run(() => 'outside')).toBe('outside')
    expect(() =>
      staged.received(() => {
        throw new Error('broken')
      }),
    ).toThrow('broken')
    expect(telemetry.spans().map((one) => one.attributes['agentel.event.stage'])).toEqual([
      'published',
      'completed',
      'error',
    ])
  })

  it('is an error of its handling, also when nothing was received before', () => {
    const received = event('order.created', 'e1', { transactionId: 'tx 1,ä' })
    received.received()
    received.error(Object.assign(new Error('no stock'), { code: 'E_STOCK' }))
    event('order.created', 'e1', { transactionId: 'tx 1,ä' }).error(new TypeError('unreadable'))
    const failed = (type: string, category: string) => [
      'process order.created',
      { ...order, 'agentel.event.stage': 'error', 'error.type': type, 'agentel.error.category': category },
    ]
    expect(telemetry.spans().map(({ name, attributes }) => [name, attributes])).toEqual([
      failed('E_STOCK', 'other'),
      failed('TypeError', 'other'),
    ])
  })
})

describe('context loss', () => {
  it('of a callback that a queue runs later is cured by the handle', () => {
    const queue: (() => void)[] = []
    const handle = startSendMessage({ target: 'a' })
    queue.push(() => void span('lost', () => undefined))
    queue.push(() => handle.run(() => span('kept', () => undefined)))
    for (const job of queue) job()
    handle.end()
    expect(telemetry.span('lost').parentSpanContext).toBeUndefined()
    expect(telemetry.span('kept').parentSpanContext?.spanId).toBe(handle.span.spanContext().spanId)
  })
})
