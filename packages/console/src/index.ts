export type * from './api/contract.ts'
export { defaultDataFile } from './default-data-file.ts'
export { type ConsoleOptions, type RunningConsole, startConsole } from './start-console.ts'
