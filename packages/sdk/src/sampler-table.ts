import { alwaysRecord } from '@agentel/sampler'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace'
import type { OtelSettings } from './otel-environment.ts'

/**
 * The sampler that `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG` name.
 *
 * @param recordAlways agent spans that it drops are still recorded, though not exported, for the metrics' sake
 */
export function buildSampler({ name, ratio }: OtelSettings['sampler'], recordAlways: boolean): Sampler {
  const root = name.replace('parentbased_', '')
  const sampler =
    root === 'always_on'
      ? new AlwaysOnSampler()
      : root === 'always_off'
        ? new AlwaysOffSampler()
        : new TraceIdRatioBasedSampler(ratio)
  const whole = name.startsWith('parentbased_') ? new ParentBasedSampler({ root: sampler }) : sampler
  return recordAlways ? alwaysRecord(whole) : whole
}
