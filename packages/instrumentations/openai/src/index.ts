export { OpenAIInstrumentation, type OpenAIInstrumentationConfig, openaiTable } from './instrumentation.ts'
