import { type TestTelemetry, type TestTelemetryOptions, createTestTelemetry } from '@agentel/testing/telemetry'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { configureContent } from '../src/content-capture.ts'
import { resetFaults } from '../src/guard.ts'

/** In-memory telemetry for the tests of a file, empty before each of them. */
export function useTelemetry(options: TestTelemetryOptions = {}): TestTelemetry {
  let telemetry: TestTelemetry | undefined
  beforeAll(() => {
    telemetry = createTestTelemetry(options)
  })
  beforeEach(() => {
    telemetry?.reset()
    resetFaults()
    configureContent(undefined)
  })
  afterAll(() => telemetry?.shutdown())
  return new Proxy({} as TestTelemetry, {
    get: (_, name) => (telemetry as unknown as Record<PropertyKey, unknown>)[name],
  })
}

/** Name, severity and attributes of the events that were written. */
export function eventsOf(telemetry: TestTelemetry): unknown[] {
  return telemetry.logs().map(({ eventName, severityNumber, attributes }) => [eventName, severityNumber, attributes])
}
