import { OpenAIInstrumentation } from '../../../packages/instrumentations/openai/src/index.ts'
import { keepSpans, tailSampling } from '../../../packages/sampler/src/index.ts'
import { agentelPlugs } from '../../../packages/sdk/src/agentel-plugs.ts'
import { plainPipeline } from '../pipeline.ts'

/** What production runs: reconcile, cost, budgets, metrics, redaction, and whole traces held back until they end. */
export function install(sdk: any, openai: any): { shutdown(): Promise<void> } {
  return installChain(sdk, openai, 'observe')
}

export function installChain(sdk: any, openai: any, onExceeded: 'observe' | 'throw'): { shutdown(): Promise<void> } {
  const plugs = agentelPlugs({
    anomaly: false,
    lateSpans: true,
    budgets: {
      budgets: [
        { name: 'all', scope: 'total', period: 'day', cost: 1e9, onExceeded },
        { name: 'user', scope: 'user', period: 'month', cost: 1e9 },
      ],
    },
  })
  const pipeline = plainPipeline(sdk, {
    spanProcessors: [plugs.spanProcessor],
    metricProducers: [plugs.metricProducer()],
    around: (exporting: any) => tailSampling(keepSpans(exporting), { share: 1 }),
  })
  new OpenAIInstrumentation().manuallyInstrument(openai)
  return pipeline
}
