import { command, type Verb } from '../frame/command-line.ts'

/** `agentel demo …`, with the demo's own options, which it reads itself. @returns the exit code */
export async function runDemo(args: readonly string[]): Promise<number> {
  const { runDemo: run } = await import('@agentel/demo')
  return run(args)
}

export const demo: Verb = () =>
  command({
    name: 'demo',
    description: 'A simulated desk of agents, shown in the console; see agentel demo --help',
    args: {},
    examples: [
      ['agentel demo --fault loop:20', 'with an agent that runs in circles after 20 questions'],
      ['agentel demo --once', 'compare console and ledger, and end'],
    ],
    run: () => runDemo([]),
  })
