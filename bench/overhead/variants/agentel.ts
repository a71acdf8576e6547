import { OpenAIInstrumentation } from '../../../packages/instrumentations/openai/src/index.ts'
import { agentelPlugs, type PlugOptions } from '../../../packages/sdk/src/agentel-plugs.ts'
import { plainPipeline } from '../pipeline.ts'

/** Ours in the same pipeline: spans, all metrics by the producer, cost. */
export function install(sdk: any, openai: any): { shutdown(): Promise<void> } {
  return installWith(sdk, openai, { reconcile: false, redaction: false, anomaly: false })
}

export function installWith(sdk: any, openai: any, options: PlugOptions): { shutdown(): Promise<void> } {
  const plugs = agentelPlugs({ ...options, lateSpans: true })
  const pipeline = plainPipeline(sdk, {
    spanProcessors: [plugs.spanProcessor],
    metricProducers: [plugs.metricProducer()],
  })
  new OpenAIInstrumentation().manuallyInstrument(openai)
  return pipeline
}
