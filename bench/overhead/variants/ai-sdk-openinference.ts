import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { plainPipeline, serialisingSpanExporter } from '../pipeline.ts'

/** The SDK's own spans, translated and sent by OpenInference's processor in place of the pipeline's. */
export async function install(sdk: any, modules: any, require: NodeJS.Require): Promise<{ shutdown(): Promise<void> }> {
  // It can be imported only.
  const [folder] = require.resolve.paths('ai')!
  const entry = join(folder!, '@arizeai/openinference-vercel/dist/esm/index.js')
  const { OpenInferenceBatchSpanProcessor } = await import(pathToFileURL(entry).href)
  const processor = new OpenInferenceBatchSpanProcessor({ exporter: serialisingSpanExporter(sdk) })
  const pipeline = plainPipeline(sdk, { around: () => processor })
  const { OpenTelemetry } = require('@ai-sdk/otel')
  modules.ai.registerTelemetry(new OpenTelemetry({ usage: true }))
  return pipeline
}
