import { plainPipeline } from '../pipeline.ts'

export function install(sdk: any, modules: any, require: NodeJS.Require): { shutdown(): Promise<void> } {
  const pipeline = plainPipeline(sdk)
  const { LangChainInstrumentation } = require('@traceloop/instrumentation-langchain')
  const instrumentation = new LangChainInstrumentation({ traceContent: false })
  instrumentation.setTracerProvider(pipeline.tracerProvider)
  instrumentation.manuallyInstrument({ callbackManagerModule: modules.manager })
  return pipeline
}
