export { agentelCommand } from './agentel-command.ts'
export { runCommandLine } from './command-line.ts'
