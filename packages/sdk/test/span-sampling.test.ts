import { context, SpanStatusCode, trace } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { expect, it } from 'vitest'
import { readConfig } from '../src/config-reader.ts'
import type { ConfigOptions } from '../src/generated/config-fields.ts'
import type { SamplerSettings } from '../src/otel-settings.ts'
import { buildSampling } from '../src/span-sampling.ts'

/** A tracer whose spans are sampled so, and what of them is exported. */
function sampled(
  sampler: SamplerSettings['name'] & ('always_on' | 'always_off'),
  options: NonNullable<ConfigOptions['sampling']>,
) {
  const sampling = buildSampling({ name: sampler }, readConfig({ options: { sampling: options }, env: {} }).sampling)
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({
    sampler: sampling.sampler,
    spanProcessors: sampling.inFrontOf([new SimpleSpanProcessor({ exporter })]),
  })
  const tracer = provider.getTracer('t')
  return {
    tracer,
    losses: sampling.losses,
    names: () => exporter.getFinishedSpans().map(({ name }) => name),
    failed: (name: string, parent = context.active()) => {
      const span = tracer.startSpan(name, { attributes: { 'gen_ai.operation.name': 'chat' } }, parent)
      span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    },
  }
}

const NO_LOSSES = {
  dropped: { 'sampling.maxSpansPerTrace': 0, 'sampling.keepPerSecond': 0, 'sampling.tail': 0 },
  evicted: { 'sampling.tail': 0 },
}

it('exports as many spans of a trace as it may, drops and counts what comes after, failures too, and forgets other traces', () => {
  const { tracer, losses, names, failed } = sampled('always_on', { maxSpansPerTrace: 3 })
  const root = tracer.startSpan('root')
  const inside = trace.setSpan(context.active(), root)
  for (const name of ['a', 'b', 'c']) tracer.startSpan(name, {}, inside).end()
  failed('d', inside)
  root.end()
  tracer.startSpan('other').end()
  expect(names()).toEqual(['a', 'b', 'root', 'other'])
  expect(losses()).toEqual({ ...NO_LOSSES, dropped: { ...NO_LOSSES.dropped, 'sampling.maxSpansPerTrace': 2 } })
})

it('counts no spans of traces that are not sampled anyway, and the failures that it had no room for', () => {
  const { tracer, losses, names, failed } = sampled('always_off', { maxSpansPerTrace: 1, keepPerSecond: 2 })
  const inside = trace.setSpan(context.active(), tracer.startSpan('root'))
  for (const name of ['a', 'b', 'c', 'd']) failed(name, inside)
  expect(names()).toEqual(['a', 'b'])
  expect(losses()).toEqual({ ...NO_LOSSES, dropped: { ...NO_LOSSES.dropped, 'sampling.keepPerSecond': 2 } })
})

it('forgets the trace that began longest ago when there are too many to count', () => {
  const { tracer, names } = sampled('always_on', { maxSpansPerTrace: 1 })
  const first = trace.setSpan(context.active(), tracer.startSpan('first'))
  tracer.startSpan('dropped', {}, first).end()
  for (let count = 0; count < 10_000; count++) tracer.startSpan('other')
  tracer.startSpan('counted anew', {}, first).end()
  expect(names()).toEqual(['counted anew'])
})

it('counts the spans that a trace which waits for its end had no room for', () => {
  const { tracer, losses, names } = sampled('always_on', { tail: { enabled: true, share: 1 } })
  const root = tracer.startSpan('root')
  const inside = trace.setSpan(context.active(), root)
  for (let count = 0; count < 2100; count++) tracer.startSpan('step', {}, inside).end()
  root.end()
  // Whoever asks for the losses has the spans looked at that wait for the end of the turn.
  const lost = losses()
  const kept = names().length
  expect(lost).toEqual({ ...NO_LOSSES, dropped: { ...NO_LOSSES.dropped, 'sampling.tail': 2101 - kept } })
  expect(kept).toBeLessThan(2101)
})
