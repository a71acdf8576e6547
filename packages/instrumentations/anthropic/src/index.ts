export { AnthropicInstrumentation, anthropicTable } from './instrumentation.ts'
