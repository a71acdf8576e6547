import { defineCommand, renderUsage, runCommand, type ArgsDef, type CommandDef, type ParsedArgs } from 'citty'
import { EXIT, type Output } from './output.ts'
import { UsageError } from './usage-error.ts'

/** A command: what it is called, what it takes, and what it does. `run` gives the exit code. */
export interface Command<Args extends ArgsDef> {
  name: string
  description: string
  args: Args
  /** Command lines for the help, each with what it does. */
  examples?: readonly (readonly [line: string, what: string])[]
  run(args: ParsedArgs<Args>): number | Promise<number>
}

/** A file of `commands/`: gives its command. Loads what it needs when it runs, so that the help stays quick. */
export type Verb = (output: Output) => CommandDef

const codes = new WeakMap<CommandDef, number>()
const defaults = new WeakMap<CommandDef, string>()
const examplesOf = new WeakMap<CommandDef, readonly (readonly [string, string])[]>()

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** citty takes any option and any word; a misspelt one must not pass for one that is not there. */
function refuseUnknown(args: { readonly _: readonly string[] }, known: ArgsDef): void {
  for (const name of Object.keys(args)) {
    if (name !== '_' && !(kebab(name) in known)) throw new UsageError(`--${kebab(name)} is no option here`)
  }
  const places = Object.values(known).filter(({ type }) => type === 'positional').length
  const extra = args._[places]
  if (extra !== undefined) throw new UsageError(`"${extra}" is a word too many`)
}

/** The command as citty takes it. */
export function command<const Args extends ArgsDef>(definition: Command<Args>): CommandDef {
  const { name, description, args, run } = definition
  const made: CommandDef = defineCommand({
    meta: { name, description },
    args,
    async run(context: { args: ParsedArgs<Args> }) {
      refuseUnknown(context.args as { _: string[] }, args)
      codes.set(made, await run(context.args))
    },
  }) as unknown as CommandDef
  if (definition.examples) examplesOf.set(made, definition.examples)
  return made
}

/** What a command that holds others may have beside them. */
export interface GroupOptions {
  /** As of a {@link Command}. */
  readonly examples?: readonly (readonly [line: string, what: string])[]
  /** The command that is meant when none is named. */
  readonly otherwise?: string
}

/** A command that only holds others. */
export function group(
  meta: { name: string; description: string; version?: string },
  subCommands: Record<string, CommandDef>,
  { examples, otherwise }: GroupOptions = {},
): CommandDef {
  const made = defineCommand({ meta, subCommands })
  if (examples) examplesOf.set(made, examples)
  if (otherwise !== undefined) defaults.set(made, otherwise)
  return made
}

/** The commands that a command holds, by name. */
export function subCommandsOf(command: CommandDef): Readonly<Record<string, CommandDef>> {
  return (command.subCommands ?? {}) as Record<string, CommandDef>
}

/** The command that the words name, the one that holds it, and the words. */
function find(root: CommandDef, words: readonly string[]) {
  let found = root
  let parent: CommandDef | undefined
  const path: string[] = []
  for (const word of words) {
    const next = subCommandsOf(found)[word]
    if (!next) break
    parent = found
    found = next
    path.push(word)
  }
  return { found, parent, path }
}

async function help(found: CommandDef, parent: CommandDef | undefined): Promise<string> {
  const examples = examplesOf.get(found) ?? []
  const width = Math.max(0, ...examples.map(([line]) => line.length))
  const lines = examples.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`)
  const usage = (await renderUsage(found, parent)).trimEnd().replaceAll(/ +$/gm, '')
  return lines.length === 0 ? usage : `${usage}\n\nEXAMPLES\n\n${lines.join('\n')}`
}

/** The words with the command that is meant where a command that holds others is given none of them. */
function completed(words: readonly string[], found: CommandDef, path: readonly string[]): readonly string[] {
  const meant = defaults.get(found)
  const rest = words.slice(path.length)
  return meant === undefined || !(rest[0] ?? '-').startsWith('-') ? words : [...path, meant, ...rest]
}

async function nearest(word: string, names: readonly string[]): Promise<string> {
  const { didYouMean } = await import('@agentel/sdk/settings')
  return didYouMean(names.find((name) => name.startsWith(word)) ?? word, names)
}

/** A group is told one of its commands; anything else is a slip. */
async function refuseUnknownCommand(found: CommandDef, words: readonly string[]): Promise<void> {
  const names = Object.keys(subCommandsOf(found))
  if (names.length === 0) return
  const word = words.find((candidate) => !candidate.startsWith('-') && !names.includes(candidate))
  const last = words.filter((candidate) => !candidate.startsWith('-')).at(-1)
  if (last === undefined || last === (found.meta as { name: string }).name)
    throw new UsageError(`say which: ${names.join(', ')}`)
  if (word !== undefined) throw new UsageError(`there is no command "${last}"${await nearest(last, names)}`)
}

function tell(error: unknown, path: readonly string[], output: Output): number {
  if (error instanceof UsageError || (error instanceof Error && error.name === 'CLIError')) {
    output.error(`agentel: ${error.message}`)
    output.error(['agentel', ...path, '--help'].join(' '))
    return EXIT.usage
  }
  // A fault of the tool itself shows where it is; everything else has said what is wrong.
  const text = error instanceof Error ? (error instanceof TypeError ? error.stack : error.message) : String(error)
  output.error(`agentel: ${text}`)
  return EXIT.problem
}

/** Runs a command line. @returns the exit code: 0, 1 for a problem that was found, 2 for a line that makes no sense */
export async function runCommandLine(root: CommandDef, given: readonly string[], output: Output): Promise<number> {
  const named = find(root, given)
  if (given.length === 0 || given.includes('--help') || given.includes('-h')) {
    output.line(await help(named.found, named.parent))
    return EXIT.ok
  }
  const words = completed(given, named.found, named.path)
  const { found, path } = find(root, words)
  const { version } = root.meta as { version: string }
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-v')) {
    output.line(version)
    return EXIT.ok
  }
  try {
    await refuseUnknownCommand(found, words)
    await runCommand(root, { rawArgs: [...words] })
    return codes.get(found) ?? EXIT.ok
  } catch (error) {
    return tell(error, path, output)
  }
}
