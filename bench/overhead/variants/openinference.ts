import { plainPipeline } from '../pipeline.ts'

export function install(sdk: any, openai: any, require: NodeJS.Require): { shutdown(): Promise<void> } {
  const pipeline = plainPipeline(sdk)
  const { OpenAIInstrumentation } = require('@arizeai/openinference-instrumentation-openai')
  const instrumentation = new OpenAIInstrumentation({ traceConfig: { hideInputs: true, hideOutputs: true } })
  instrumentation.setTracerProvider(pipeline.tracerProvider)
  instrumentation.manuallyInstrument(openai)
  return pipeline
}
