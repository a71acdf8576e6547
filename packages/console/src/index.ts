export type * from './api/contract.ts'
export { type ConsoleOptions, defaultDataFile, type RunningConsole, startConsole } from './start-console.ts'
