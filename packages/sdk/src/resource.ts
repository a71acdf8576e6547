import type { Attributes } from '@opentelemetry/api'
import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  osDetector,
  processDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
  type Resource,
  type ResourceDetector,
} from '@opentelemetry/resources'
import { envChoices, type Environment } from './environment-reader.ts'

const DETECTORS: Record<'env' | 'host' | 'os' | 'process' | 'serviceinstance', ResourceDetector> = {
  env: envDetector,
  host: hostDetector,
  os: osDetector,
  process: processDetector,
  serviceinstance: serviceInstanceIdDetector,
}

const NAMES = ['all', 'none', 'env', 'host', 'os', 'process', 'serviceinstance'] as const

/**
 * What describes this process: the SDK's own attributes, then what the detectors of `OTEL_NODE_RESOURCE_DETECTORS`
 * find (all by default; `env` reads `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME`), then `attributes` of the code.
 */
export function buildResource(env: Environment, attributes: Attributes): Resource {
  const named = envChoices(env, 'OTEL_NODE_RESOURCE_DETECTORS', NAMES) ?? ['all']
  const names = named.includes('all') ? (Object.keys(DETECTORS) as (keyof typeof DETECTORS)[]) : named
  const detectors = names.flatMap((name) => (name in DETECTORS ? [DETECTORS[name as keyof typeof DETECTORS]] : []))
  return defaultResource().merge(detectResources({ detectors })).merge(resourceFromAttributes(attributes))
}
