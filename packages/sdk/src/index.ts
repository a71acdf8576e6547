export { startAgentel, type Agentel, type StartOptions } from './start.ts'
export { StartError, type StartErrorCode } from './start-error.ts'
