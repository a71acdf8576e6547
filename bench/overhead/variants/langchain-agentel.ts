import { LangChainInstrumentation } from '../../../packages/instrumentations/langchain/src/index.ts'
import { agentelPlugs } from '../../../packages/sdk/src/agentel-plugs.ts'
import { plainPipeline } from '../pipeline.ts'

/** Ours in the same pipeline: spans, all metrics by the producer, cost. The client below is not hooked, as at the peers. */
export function install(sdk: any, modules: any): { shutdown(): Promise<void> } {
  const plugs = agentelPlugs({ reconcile: false, redaction: false, anomaly: false })
  const pipeline = plainPipeline(sdk, {
    spanProcessors: [plugs.spanProcessor],
    metricProducers: [plugs.metricProducer()],
  })
  const instrumentation = new LangChainInstrumentation({ enabled: false })
  for (const module of Object.values<object>(modules)) instrumentation.manuallyInstrument(module)
  return pipeline
}
