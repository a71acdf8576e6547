import { SeverityNumber, logs, metrics, trace } from '@opentelemetry/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findMetric } from '@agentel/semconv/registry'
import { checkConformance } from '../../src/conformance.ts'
import type { CheckedLogRecord, ConformanceOptions } from '../../src/conformance.ts'
import { type TestTelemetry, createTestTelemetry } from '../../src/telemetry.ts'

let telemetry: TestTelemetry
beforeAll(() => {
  telemetry = createTestTelemetry()
})
afterAll(() => telemetry.shutdown())

const duration = findMetric('gen_ai.client.inference.duration')!
const ofCall = { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o' }

async function findingsOfMetrics(options?: ConformanceOptions): Promise<string[]> {
  const findings = checkConformance({ metrics: await telemetry.metrics() }, options)
  return findings.map(({ rule, where, message }) => `${where}: ${rule}: ${message}`)
}
const findingsOfLog = (record: CheckedLogRecord): string[] =>
  checkConformance({ logs: [record] }).map(({ rule, message }) => `${rule}: ${message}`)

describe('what the SDK really emits', () => {
  it('passes as it is: spans, metrics and events', async () => {
    const meter = metrics.getMeter('conforming')
    meter
      .createHistogram(duration.name, { unit: 's', advice: { explicitBucketBoundaries: [...duration.buckets!] } })
      .record(1, ofCall)
    meter.createCounter('agentel.errors', { unit: '{error}' }).add(1, { 'agentel.error.category': 'tool' })
    meter
      .createUpDownCounter('agentel.operation.active', { unit: '{operation}' })
      .add(1, { 'gen_ai.operation.name': 'chat' })
    meter.createGauge('agentel.queue.depth', { unit: '{item}' }).record(3, { 'agentel.queue.name': 'q' })
    meter.createCounter('agentel.business.orders', { unit: '{order}' }).add(1, { anything: 'goes' })
    meter.createCounter('http.requests').add(1)
    trace
      .getTracer('t')
      .startSpan('decide route', { attributes: { 'agentel.decision.name': 'route' } })
      .end()
    logs.getLogger('l').emit({
      eventName: 'agentel.decision',
      severityNumber: SeverityNumber.INFO,
      attributes: { 'agentel.decision.name': 'route' },
    })
    const emitted = { spans: telemetry.spans(), logs: telemetry.logs(), metrics: await telemetry.metrics() }
    expect(emitted.spans).toHaveLength(1)
    expect(emitted.logs).toHaveLength(1)
    expect(emitted.metrics).toHaveLength(6)
    expect(checkConformance(emitted)).toEqual([])
  })

  it('is found out: unit, instrument, buckets, attributes and names of metrics', async () => {
    const meter = metrics.getMeter('offending')
    meter
      .createHistogram('gen_ai.execute_tool.duration', { unit: 'ms' })
      .record(1, { 'gen_ai.tool.name': 't', 'user.id': 'u' })
    meter.createCounter('agentel.queue.depth', { unit: '{item}' }).add(1, {})
    meter.createCounter('agentel.tokens').add(1)
    const findings = (await findingsOfMetrics()).filter((finding) => !finding.includes('business'))
    expect(findings).toEqual([
      'metric gen_ai.execute_tool.duration: unit: unit is ms, not s',
      expect.stringMatching(
        /^metric gen_ai.execute_tool.duration: buckets: buckets are \[0,5,10,.*\], not \[0.01,0.02,/,
      ),
      'metric gen_ai.execute_tool.duration: unexpected_attribute: attribute user.id does not belong on this metric',
      'metric agentel.queue.depth: instrument: instrument is counter, not gauge',
      'metric agentel.queue.depth: required_missing: required attribute agentel.queue.name is missing',
      'metric agentel.tokens: unregistered: metric agentel.tokens is not in the registry',
    ])
  })
})

describe('a metric of 1.41', () => {
  const usage = {
    descriptor: { name: 'gen_ai.client.token.usage', unit: '{token}' },
    dataPointType: 0,
    dataPoints: [
      {
        attributes: { ...ofCall, 'gen_ai.token.type': 'input' },
        value: { buckets: { boundaries: findMetric('gen_ai.client.token.usage')!.buckets! } },
      },
    ],
  }

  it('conforms to that profile and is deprecated in the latest', () => {
    expect(checkConformance({ metrics: [usage] }, { profile: 'v1_41' })).toEqual([])
    expect(checkConformance({ metrics: [usage] }).map(({ rule }) => rule)).toEqual(['deprecated', 'deprecated'])
  })

  it('has the attributes of every metric that became it', () => {
    const duration = (attributes: object) => ({
      descriptor: { name: 'gen_ai.client.operation.duration', unit: 's' },
      dataPointType: 0,
      dataPoints: [
        {
          attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'desk', ...attributes },
          value: { buckets: { boundaries: findMetric('gen_ai.client.operation.duration')!.buckets! } },
        },
      ],
    })
    expect(checkConformance({ metrics: [duration({})] }, { profile: 'v1_41' })).toEqual([])
    expect(
      checkConformance({ metrics: [duration({ 'user.id': 'u1' })] }, { profile: 'v1_41' }).map(({ rule }) => rule),
    ).toEqual(['unexpected_attribute'])
    expect(checkConformance({ metrics: [duration({})] }).map(({ rule }) => rule)).toEqual(['unexpected_attribute'])
  })

  it('is not what the latest names are', () => {
    const latest = { ...usage, descriptor: { name: 'gen_ai.client.inference.operation.input_tokens', unit: '{token}' } }
    const { attributes: _, ...point } = usage.dataPoints[0]!
    const metric = { ...latest, dataPoints: [{ ...point, attributes: ofCall }] }
    expect(checkConformance({ metrics: [metric] })).toEqual([])
    expect(checkConformance({ metrics: [metric] }, { profile: 'v1_41' })).toEqual([
      {
        rule: 'not_in_profile',
        where: 'metric gen_ai.client.inference.operation.input_tokens',
        message: 'metric is not in 1.41',
      },
    ])
  })
})

describe('an event', () => {
  it('has its name in the record, not among the attributes', () => {
    expect(findingsOfLog({ attributes: { 'event.name': 'agentel.decision' } })).toEqual([
      'event_name_attribute: event.name is an attribute; it belongs in eventName',
    ])
  })

  it('is registered, has its severity, its required attributes and structured content', () => {
    expect(findingsOfLog({ eventName: 'agentel.thought', attributes: {} })).toEqual([
      'unregistered: event agentel.thought is not in the registry',
    ])
    expect(findingsOfLog({ eventName: 'gen_ai.user.message', attributes: {} })).toEqual([
      'deprecated: event is deprecated',
    ])
    expect(
      findingsOfLog({
        eventName: 'gen_ai.client.inference.operation.details',
        severityNumber: 9,
        attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': '[]' },
      }),
    ).toEqual([
      'content_not_structured: attribute gen_ai.input.messages is a text; on events it must be structured',
      'required_missing: required attribute gen_ai.provider.name is missing',
      'severity: severity is 9, not 5 (DEBUG)',
    ])
  })

  it('may carry a text where a tool gave one, and not one that holds an object', () => {
    const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.provider.name': 'openai' }
    const of = (result: string): string[] =>
      findingsOfLog({
        eventName: 'gen_ai.client.inference.operation.details',
        severityNumber: 5,
        attributes: { ...attributes, 'gen_ai.tool.call.result': result },
      })
    expect(of('three')).toEqual([])
    expect(of('{"a":1}')).toEqual([
      'content_not_structured: attribute gen_ai.tool.call.result is a text; on events it must be structured',
    ])
  })

  it('may have any severity where the severity goes by what happened', () => {
    const attributes = {
      'agentel.security.event.type': 'prompt_injection',
      'agentel.security.event.severity': 'critical',
    }
    expect(findingsOfLog({ eventName: 'agentel.security.event', severityNumber: 21, attributes })).toEqual([])
  })
})
