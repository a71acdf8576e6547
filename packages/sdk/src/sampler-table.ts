import { alwaysRecord } from '@agentel/sampler'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace'
import { limitTraces, type TraceLimit } from './trace-limit.ts'
import { present, type SamplerSettings } from './otel-settings.ts'

function samplerOf(settings: SamplerSettings): Sampler {
  const child = (of: SamplerSettings | undefined) => (of === undefined ? undefined : samplerOf(of))
  switch (settings.name) {
    case 'always_on':
      return new AlwaysOnSampler()
    case 'always_off':
      return new AlwaysOffSampler()
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(settings.ratio)
    case 'parentbased':
      return new ParentBasedSampler(
        present<ConstructorParameters<typeof ParentBasedSampler>[0]>({
          root: samplerOf(settings.root),
          remoteParentSampled: child(settings.remoteParentSampled),
          remoteParentNotSampled: child(settings.remoteParentNotSampled),
          localParentSampled: child(settings.localParentSampled),
          localParentNotSampled: child(settings.localParentNotSampled),
        }),
      )
  }
}

/** How the spans that the settings' sampler lets through are dealt with. */
export interface SamplingOptions {
  /** Agent spans that are dropped are still recorded, though not exported, for the metrics' sake. */
  exactMetrics: boolean
  maxSpansPerTrace: number
}

/** The sampler that the settings describe. */
export function buildSampler(settings: SamplerSettings, options: SamplingOptions): TraceLimit {
  const limit = limitTraces(samplerOf(settings), options.maxSpansPerTrace)
  return options.exactMetrics ? { ...limit, sampler: alwaysRecord(limit.sampler) } : limit
}
