import { plainPipeline } from '../pipeline.ts'

export function install(sdk: any, anthropic: any, require: NodeJS.Require): { shutdown(): Promise<void> } {
  const pipeline = plainPipeline(sdk)
  const { AnthropicInstrumentation } = require('@arizeai/openinference-instrumentation-anthropic')
  const instrumentation = new AnthropicInstrumentation({ traceConfig: { hideInputs: true, hideOutputs: true } })
  instrumentation.setTracerProvider(pipeline.tracerProvider)
  instrumentation.manuallyInstrument(anthropic)
  return pipeline
}
