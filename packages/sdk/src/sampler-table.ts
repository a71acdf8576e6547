import { shareSampler } from '@agentel/sampler'
import { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler, type Sampler } from '@opentelemetry/sdk-trace'
import { present, type SamplerSettings } from './otel-settings.ts'

/** The sampler that `OTEL_TRACES_SAMPLER` or a file describes. */
export function samplerOf(settings: SamplerSettings): Sampler {
  const child = (of: SamplerSettings | undefined) => (of === undefined ? undefined : samplerOf(of))
  switch (settings.name) {
    case 'always_on':
      return new AlwaysOnSampler()
    case 'always_off':
      return new AlwaysOffSampler()
    case 'traceidratio':
      // Consistent with the collector and every other process, and said in the trace state.
      return shareSampler(settings.ratio) as Sampler
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
