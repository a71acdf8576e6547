import { context, SpanKind, TraceFlags, trace } from '@opentelemetry/api'
import { costEnricher } from '@agentel/processor-cost'
import { alwaysRecord } from '@agentel/sampler'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'
import { expect, it } from 'vitest'
import { CHAT, setUp, span } from './spans.ts'

/** The sums of every metric over 200 agent runs of two calls each, under a sampler; and how many spans were sampled. */
async function sums(sampler: Sampler, remoteParent = false) {
  const test = setUp({ sampler: alwaysRecord(sampler), before: [costEnricher()] })
  for (let run = 0; run < 200; run++) {
    const remote = {
      traceId: String(run + 1).padStart(32, '7'),
      spanId: '00000000000000a1',
      traceFlags: TraceFlags.NONE,
      isRemote: true,
    }
    const parent = remoteParent ? trace.setSpanContext(context.active(), remote) : context.active()
    span(
      'invoke_agent a',
      { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'a' },
      { parent, seconds: 3 },
      (agent) => {
        span(
          'chat',
          { ...CHAT, 'gen_ai.usage.input_tokens': 1000, 'gen_ai.usage.output_tokens': run },
          { parent: agent, kind: SpanKind.CLIENT },
        )
        span('chat', { ...CHAT, 'error.type': '429' }, { parent: agent, kind: SpanKind.CLIENT })
      },
    )
  }
  const metrics = await test.telemetry.metrics()
  const sampled = test.telemetry.spans().length
  await test.telemetry.shutdown()
  const points = metrics.map(({ descriptor, dataPoints }) => [
    descriptor.name,
    dataPoints.map(({ attributes, value }) => ({ attributes, value })),
  ])
  return { sampled, sums: Object.fromEntries(points) as Record<string, { value: unknown }[]> }
}

it('gives equal sums under AlwaysOn, AlwaysOff, an unsampled remote parent and ratio 0.1', async () => {
  const on = await sums(new AlwaysOnSampler())
  expect(on.sampled).toBe(600)
  expect(on.sums['gen_ai.client.inference.usage.input_tokens']).toMatchObject([{ value: 200_000 }])
  expect(on.sums['agentel.client.inference.operation.cost']).toMatchObject([
    { value: { count: 200, sum: expect.closeTo(0.699, 9) } },
  ])
  const off = await sums(new AlwaysOffSampler())
  expect(off.sampled).toBe(0)
  expect(off.sums).toEqual(on.sums)
  const remote = await sums(new ParentBasedSampler({ root: new AlwaysOnSampler() }), true)
  expect(remote.sampled).toBe(0)
  expect(remote.sums).toEqual(on.sums)
  const tenth = await sums(new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0.1) }))
  expect(tenth.sampled).toBeGreaterThan(0)
  expect(tenth.sampled).toBeLessThan(180)
  expect(tenth.sums).toEqual(on.sums)
})
