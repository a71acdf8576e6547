#!/usr/bin/env node
import { agentelCommand, runDemo } from './agentel-command.ts'
import { runCommandLine } from './command-line.ts'
import { processOutput } from './output.ts'

const [first, ...rest] = process.argv.slice(2)
const run =
  first === 'demo' ? runDemo(rest) : runCommandLine(agentelCommand(processOutput), process.argv.slice(2), processOutput)

run.then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`agentel: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  },
)
