import { plainPipeline } from '../pipeline.ts'

export function install(sdk: any, modules: any, require: NodeJS.Require): { shutdown(): Promise<void> } {
  const pipeline = plainPipeline(sdk)
  const { LangChainInstrumentation } = require('@arizeai/openinference-instrumentation-langchain')
  const instrumentation = new LangChainInstrumentation({
    tracerProvider: pipeline.tracerProvider,
    traceConfig: { hideInputs: true, hideOutputs: true },
  })
  instrumentation.manuallyInstrument(modules.manager)
  return pipeline
}
