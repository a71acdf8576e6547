export {
  OpenAIAgentsInstrumentation,
  type OpenAIAgentsInstrumentationConfig,
  openaiAgentsTable,
} from './instrumentation.ts'
