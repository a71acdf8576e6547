export { AiSdkInstrumentation, type AiSdkInstrumentationConfig, aiSdkTable } from './instrumentation.ts'
