import { plainPipeline } from '../pipeline.ts'

export function install(sdk: any, openai: any, require: NodeJS.Require): { shutdown(): Promise<void> } {
  const pipeline = plainPipeline(sdk)
  const { OpenAIInstrumentation } = require('@traceloop/instrumentation-openai')
  const instrumentation = new OpenAIInstrumentation({ traceContent: false })
  instrumentation.setTracerProvider(pipeline.tracerProvider)
  instrumentation.manuallyInstrument(openai.OpenAI)
  return pipeline
}
