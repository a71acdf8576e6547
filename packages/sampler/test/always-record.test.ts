import { createTestTelemetry } from '@agentel/testing/telemetry'
import { type Attributes, type Span, SpanKind, trace } from '@opentelemetry/api'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'
import { afterEach, describe, expect, it } from 'vitest'
import { alwaysRecord } from '../src/index.ts'

let telemetry: ReturnType<typeof createTestTelemetry> | undefined
afterEach(() => telemetry?.shutdown())

function start(sampler: Sampler, attributes: Attributes): Span {
  telemetry = createTestTelemetry({ sampler })
  return trace.getTracer('test').startSpan('op', { attributes })
}

describe('alwaysRecord', () => {
  it.each<[Attributes, boolean]>([
    [{ 'gen_ai.operation.name': 'chat' }, true],
    [{ other: 1, 'agentel.task.name': 't' }, true],
    [{ 'gen_ai.system': 'openai' }, false],
    [{ 'http.request.method': 'GET', agentelish: 1 }, false],
    [{}, false],
  ])('records a dropped span created with %j: %s', (attributes, isRecorded) => {
    const span = start(alwaysRecord(new AlwaysOffSampler()), attributes)
    expect([span.isRecording(), span.spanContext().traceFlags]).toEqual([isRecorded, 0])
    span.end()
    expect(telemetry!.spans()).toEqual([])
    expect(telemetry!.recordedSpans().map(({ name }) => name)).toEqual(isRecorded ? ['op'] : [])
  })

  it('leaves every other decision, with its attributes and trace state, to the sampler', () => {
    const traceState = { marker: 'kept' } as never
    const decide = (decision: SamplingDecision): unknown =>
      alwaysRecord({
        shouldSample: () => ({ decision, attributes: { 'sampler.rule': 'x' }, traceState }),
        toString: () => 'Mine',
      }).shouldSample(undefined as never, '', '', SpanKind.INTERNAL, { 'gen_ai.operation.name': 'chat' }, [])
    const { NOT_RECORD, RECORD, RECORD_AND_SAMPLED } = SamplingDecision
    expect([NOT_RECORD, RECORD, RECORD_AND_SAMPLED].map(decide)).toEqual(
      [RECORD, RECORD, RECORD_AND_SAMPLED].map((decision) => ({
        decision,
        attributes: { 'sampler.rule': 'x' },
        traceState,
      })),
    )
    expect(start(alwaysRecord(new AlwaysOnSampler()), {}).spanContext().traceFlags).toBe(1)
  })

  it('samples the same traces as the sampler alone', () => {
    const [alone, wrapped] = [new TraceIdRatioBasedSampler(0.1), alwaysRecord(new TraceIdRatioBasedSampler(0.1))]
    const sampled = (sampler: Pick<Sampler, 'shouldSample'>): string[] =>
      Array.from({ length: 1000 }, (_, index) => (index * 0x10_00_00_f).toString(16).padStart(32, '7')).filter(
        (id) =>
          sampler.shouldSample(undefined as never, id, 'op', SpanKind.INTERNAL, { 'gen_ai.operation.name': 'chat' }, [])
            .decision === SamplingDecision.RECORD_AND_SAMPLED,
      )
    const traces = sampled(alone)
    expect(sampled(wrapped)).toEqual(traces)
    expect(traces.length).toBeGreaterThan(0)
    expect(traces.length).toBeLessThan(1000)
  })

  it('says what it wraps', () => {
    const sampler = alwaysRecord(new ParentBasedSampler({ root: new AlwaysOffSampler() }))
    expect(sampler.toString()).toContain('AlwaysRecord{ParentBased{root=AlwaysOffSampler')
  })
})
