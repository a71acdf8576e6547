import { AiSdkInstrumentation } from '../../../packages/instrumentations/ai-sdk/src/index.ts'
import { agentelPlugs } from '../../../packages/sdk/src/agentel-plugs.ts'
import { plainPipeline } from '../pipeline.ts'

/** Ours in the same pipeline: spans, all metrics by the producer, cost. */
export function install(sdk: any, modules: any): { shutdown(): Promise<void> } {
  const plugs = agentelPlugs({ reconcile: false, redaction: false, anomaly: false })
  const pipeline = plainPipeline(sdk, {
    spanProcessors: [plugs.spanProcessor],
    metricProducers: [plugs.metricProducer()],
  })
  new AiSdkInstrumentation({ enabled: false }).manuallyInstrument(modules.ai)
  return pipeline
}
