import { readOptions, USAGE } from './demo-options.ts'
import { runOnce } from './run-once.ts'
import { runUntilStopped } from './run-until-stopped.ts'

/** Starts the demo with the arguments of a command line; resolves to the exit code. */
export async function runDemo(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (options.help) {
    console.log(USAGE)
    return 0
  }
  return options.once ? runOnce(options) : runUntilStopped(options)
}
