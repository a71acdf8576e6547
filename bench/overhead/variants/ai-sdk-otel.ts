import { plainPipeline } from '../pipeline.ts'

/** The SDK's own spans. */
export function install(sdk: any, modules: any, require: NodeJS.Require): { shutdown(): Promise<void> } {
  const pipeline = plainPipeline(sdk)
  const { OpenTelemetry } = require('@ai-sdk/otel')
  modules.ai.registerTelemetry(new OpenTelemetry())
  return pipeline
}
