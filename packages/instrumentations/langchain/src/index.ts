export { LangChainInstrumentation, type LangChainInstrumentationConfig, langchainTable } from './instrumentation.ts'
