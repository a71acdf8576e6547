import {
  defaultResource,
  detectResources,
  envDetector,
  osDetector,
  processDetector,
  resourceFromAttributes,
  type Resource,
  type ResourceDetector,
} from '@opentelemetry/resources'
import type { DetectorName, OtelSettings } from './otel-settings.ts'
import { quickHostDetector, quickInstanceDetector } from './quick-detectors.ts'

/** A program's arguments and its user are nobody's business: arguments often hold keys. */
const PRIVATE = ['process.command_args', 'process.owner']

const publicProcessDetector: ResourceDetector = {
  detect(config) {
    const attributes = { ...processDetector.detect(config).attributes }
    for (const key of PRIVATE) delete attributes[key]
    return { attributes }
  },
}

const TABLE: Record<DetectorName, ResourceDetector> = {
  env: envDetector,
  host: quickHostDetector,
  os: osDetector,
  process: publicProcessDetector,
  serviceinstance: quickInstanceDetector,
}

/** What describes this process: the SDK's own attributes, what the detectors find, and over them the settings'. */
export function buildResource({ detectors, attributes }: OtelSettings['resource']): Resource {
  return defaultResource()
    .merge(detectResources({ detectors: detectors.map((name) => TABLE[name]) }))
    .merge(resourceFromAttributes(attributes))
}
