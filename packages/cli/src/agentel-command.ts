import type { CommandDef } from 'citty'
import { VERBS } from './commands/index.ts'
import { command, group } from './frame/command-line.ts'
import { completionScript, SHELLS } from './frame/completion.ts'
import { EXIT, type Output } from './frame/output.ts'
import { VERSION } from './version.ts'

/** The whole of the `agentel` command. */
export function agentelCommand(output: Output): CommandDef {
  const verbs = Object.fromEntries(Object.entries(VERBS).map(([name, verb]) => [name, verb(output)]))
  const completion = command({
    name: 'completion',
    description: 'Print a completion script for bash, zsh or fish',
    args: { shell: { type: 'enum', options: [...SHELLS], description: 'The shell', default: 'bash' } },
    examples: [
      ['source <(agentel completion)', 'bash, for this terminal'],
      ['agentel completion --shell fish > ~/.config/fish/completions/agentel.fish', 'fish, for good'],
    ],
    run({ shell }) {
      output.line(completionScript(root, shell).trimEnd())
      return EXIT.ok
    },
  })
  const root = group(
    { name: 'agentel', version: VERSION, description: 'OpenTelemetry for AI agents' },
    { ...verbs, completion },
    {
      examples: [
        ['agentel demo', 'look at it with a simulated desk of agents'],
        ['agentel console', 'receive OpenTelemetry on 4318, and show it at the same address'],
        ['agentel why', 'why the newest run that failed did so'],
      ],
    },
  )
  return root
}
