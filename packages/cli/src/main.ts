#!/usr/bin/env node
import { agentelCommand } from './agentel-command.ts'
import { runDemo } from './commands/demo.ts'
import { runCommandLine } from './frame/command-line.ts'
import { processOutput } from './frame/output.ts'

const words = process.argv.slice(2)
const run =
  words[0] === 'demo' ? runDemo(words.slice(1)) : runCommandLine(agentelCommand(processOutput), words, processOutput)

// A reader that has seen enough (`agentel traces | head`) closes the pipe; that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

run.then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`agentel: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  },
)
