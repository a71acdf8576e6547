export { observeConsole } from './observe-console.ts'
export { observePino } from './observe-pino.ts'
export { droppedLines, type LineOptions } from './write-line.ts'
export { WinstonInstrumentation, type WinstonInstrumentationConfig, winstonTable } from './instrumentation.ts'
