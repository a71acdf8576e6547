export * from './model-server/index.ts'
export { type TestTelemetry, type TestTelemetryOptions, createTestTelemetry } from './telemetry.ts'
