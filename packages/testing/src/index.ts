export { agentReply } from './agent-reply.ts'
export { comparableToStreamed } from './comparable-to-streamed.ts'
export * from './model-server/index.ts'
export { type TestTelemetry, type TestTelemetryOptions, createTestTelemetry } from './telemetry.ts'
