export { McpInstrumentation, type McpInstrumentationConfig, mcpTable } from './instrumentation.ts'
