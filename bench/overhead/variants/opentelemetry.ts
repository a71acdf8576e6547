import { plainPipeline } from '../pipeline.ts'

export function install(sdk: any, openai: any, require: NodeJS.Require): { shutdown(): Promise<void> } {
  const pipeline = plainPipeline(sdk)
  const { OpenAIInstrumentation } = require('@opentelemetry/instrumentation-openai')
  const instrumentation = new OpenAIInstrumentation({ captureMessageContent: false })
  instrumentation.setTracerProvider(pipeline.tracerProvider)
  instrumentation.setMeterProvider(pipeline.meterProvider)
  // It has no manual form: its own module definition is asked to patch the loaded module.
  for (const definition of [instrumentation.init()].flat()) definition.patch(openai, '6.49.0')
  return pipeline
}
