import { createRequire } from 'node:module'
import { trace } from '@opentelemetry/api'
import { enricherProcessor } from '@agentel/processor-kit'
import { createTestTelemetry } from '@agentel/testing'
import { expect, it } from 'vitest'
import { costEnricher } from '../src/index.ts'

const { cache } = createRequire(import.meta.url)
const isLoaded = () => Object.keys(cache).some((file) => file.includes('genai-prices'))
const oneTurn = () => new Promise((resolve) => setImmediate(resolve))

it('loads the price table while the first call of a model waits for its answer, and not for other spans', async () => {
  const telemetry = createTestTelemetry({ spanProcessors: [enricherProcessor([costEnricher()])] })
  const tracer = trace.getTracer('t')
  tracer.startSpan('http', { attributes: { 'http.request.method': 'GET' } })
  await oneTurn()
  expect(isLoaded()).toBe(false)
  tracer.startSpan('chat', { attributes: { 'gen_ai.operation.name': 'chat' } })
  expect(isLoaded()).toBe(false)
  await oneTurn()
  await oneTurn()
  expect(isLoaded()).toBe(true)
  await telemetry.shutdown()
})
