import { plainPipeline } from '../pipeline.ts'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Its `init()` would start a second SDK of its own and fetch a price list; its parts are put together here instead. */
export function install(sdk: any, openai: any, require: NodeJS.Require): { shutdown(): Promise<void> } {
  const pipeline = plainPipeline(sdk)
  const dist = dirname(require.resolve('openlit'))
  const inside = createRequire(join(dist, 'index.js'))
  const tracer = sdk.api.trace.getTracer('openlit')
  const config = inside('./config.js').default
  config.updateConfig({
    tracer,
    captureMessageContent: false,
    disableEvents: true,
    applicationName: 'bench',
    environment: 'bench',
  })
  config.pricingInfo = { chat: { 'gpt-4o': { promptPrice: 0.0025, completionPrice: 0.01 } } }
  const metrics = inside('./otel/metrics.js').default
  metrics.meter = sdk.api.metrics.getMeter('openlit')
  metrics.initializeMetrics()
  const Instrumentation = inside('./instrumentation/openai/index.js').default
  const instrumentation = new Instrumentation()
  instrumentation.setTracerProvider(pipeline.tracerProvider)
  instrumentation.manualPatch(openai)
  return pipeline
}
