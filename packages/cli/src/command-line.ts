import { defineCommand, renderUsage, runCommand, type ArgsDef, type CommandDef, type ParsedArgs } from 'citty'
import { EXIT, type Output } from './output.ts'
import { UsageError } from './usage-error.ts'

/** A command: what it is called, what it takes, and what it does. `run` gives the exit code. */
export interface Command<Args extends ArgsDef> {
  name: string
  description: string
  args: Args
  run(args: ParsedArgs<Args>): number | Promise<number>
}

const codes = new WeakMap<CommandDef, number>()

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** citty takes any option; a misspelt one must not pass for one that is not there. */
function refuseUnknown(args: object, known: ArgsDef): void {
  for (const name of Object.keys(args)) {
    if (name !== '_' && !(kebab(name) in known)) throw new UsageError(`--${kebab(name)} is no option here`)
  }
}

/** The command as citty takes it. */
export function command<const Args extends ArgsDef>({ name, description, args, run }: Command<Args>): CommandDef {
  const made: CommandDef = defineCommand({
    meta: { name, description },
    args,
    async run(context: { args: ParsedArgs<Args> }) {
      refuseUnknown(context.args, args)
      codes.set(made, await run(context.args))
    },
  }) as unknown as CommandDef
  return made
}

/** A command that only holds others. */
export function group(
  meta: { name: string; description: string; version?: string },
  subCommands: Record<string, CommandDef>,
): CommandDef {
  return defineCommand({ meta, subCommands })
}

/** The command that the words name, and the one that holds it. */
function find(root: CommandDef, words: readonly string[]): [found: CommandDef, parent: CommandDef | undefined] {
  let found = root
  let parent: CommandDef | undefined
  for (const word of words) {
    const next = (found.subCommands as Record<string, CommandDef> | undefined)?.[word]
    if (!next) break
    parent = found
    found = next
  }
  return [found, parent]
}

/** Runs a command line. @returns the exit code: 0, 1 for a problem that was found, 2 for a line that makes no sense */
export async function runCommandLine(root: CommandDef, words: readonly string[], output: Output): Promise<number> {
  const [found, parent] = find(root, words)
  const { version } = root.meta as { version: string }
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-v')) {
    output.line(version)
    return EXIT.ok
  }
  if (words.length === 0 || words.includes('--help') || words.includes('-h')) {
    output.line(await renderUsage(found, parent))
    return EXIT.ok
  }
  try {
    await runCommand(root, { rawArgs: [...words] })
    return codes.get(found) ?? EXIT.ok
  } catch (error) {
    if (error instanceof UsageError || (error instanceof Error && error.name === 'CLIError')) {
      output.error(`agentel: ${error.message}`)
      output.error(
        `agentel ${words
          .filter((word) => !word.startsWith('-'))
          .slice(0, 2)
          .join(' ')} --help`.replace(/ +/g, ' '),
      )
      return EXIT.usage
    }
    // A fault of the tool itself shows where it is; everything else has said what is wrong.
    output.error(
      `agentel: ${error instanceof Error ? (error instanceof TypeError ? error.stack : error.message) : String(error)}`,
    )
    return EXIT.problem
  }
}
