import { alwaysRecord } from '@agentel/sampler'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace'
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

/**
 * The sampler that the settings describe.
 *
 * @param recordAlways agent spans that it drops are still recorded, though not exported, for the metrics' sake
 */
export function buildSampler(settings: SamplerSettings, recordAlways: boolean): Sampler {
  const sampler = samplerOf(settings)
  return recordAlways ? alwaysRecord(sampler) : sampler
}
