import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Change, mutated } from './change.ts'
import { parseSource } from './syntax.ts'

/** A function of ours to switch off, as a package's `test/mutants.ts` names it. */
export interface FunctionMutant {
  /** Relative to the package: `src/cost-enricher.ts`. */
  readonly file: string
  /** A function declaration at the top level of that file. */
  readonly function: string
  /** What tells mutants of one function apart. */
  readonly part?: string
  /** JavaScript: the function that takes its place, made from the original. Default: one that does and returns nothing. */
  readonly off?: string
  /** The tests that belong to it, relative to the package. At least one must fail. */
  readonly tests: readonly string[]
}

/** A decision within a function to take otherwise: a bound, a condition, an order. */
export interface TextMutant {
  /** Relative to the package. */
  readonly file: string
  /** Found once in that file. */
  readonly from: string
  readonly to: string
  /** The tests that belong to it, relative to the package. At least one must fail. */
  readonly tests: readonly string[]
}

export type Mutant = FunctionMutant | TextMutant

/** A patch table whose hooks and readers are all switched off in turn. */
export interface TableMutants {
  readonly table: { readonly patches: readonly object[] }
  /** The file and function that make the table. */
  readonly file: string
  readonly function: string
  readonly tests: readonly string[]
}

/** A mutant with everything resolved. */
export interface ResolvedMutant {
  readonly id: string
  /** Absolute path of the file that is changed. */
  readonly file: string
  readonly change: Change
  readonly tests: readonly string[]
}

interface MutantsModule {
  readonly mutants?: readonly Mutant[]
  readonly tables?: readonly TableMutants[]
}

/**
 * All mutants of the repository.
 *
 * @throws Error when an instrumentation or processor registers none, or when what a mutant names
 *   (a function, a text, a test) is not there or does not parse once it is changed
 */
export async function findMutants(root: string): Promise<ResolvedMutant[]> {
  const found: ResolvedMutant[] = []
  for (const manifest of globSync('packages/{*,*/*}/package.json', { cwd: root })) {
    const folder = join(root, dirname(manifest))
    const [file] = globSync('test/mutants.ts', { cwd: folder })
    if (file === undefined) {
      if (!/packages\/(instrumentations|processors)\//.test(manifest)) continue
      throw new Error(`${dirname(manifest)} has no test/mutants.ts: CONTRIBUTING.md says what goes into it`)
    }
    const module = (await import(pathToFileURL(join(folder, file)).href)) as MutantsModule
    const mutants = [
      ...(module.mutants ?? []),
      ...(module.tables ?? []).flatMap((table) => tableMutants(folder, table)),
    ]
    found.push(...mutants.map((mutant) => resolveMutant(folder, dirname(manifest), mutant)))
  }
  return found
}

/** Every patch of a table taken out, and every function that it names switched off. */
function tableMutants(folder: string, { table, file, function: name, tests }: TableMutants): FunctionMutant[] {
  const functions = new Set<string>()
  const mutants: FunctionMutant[] = table.patches.map((patch) => {
    collectFunctions(patch, functions)
    const part = String((patch as { name?: unknown }).name)
    const off = `(make) => (...args) => { const table = make(...args); return { ...table, patches: table.patches.filter((patch) => patch.name !== ${JSON.stringify(part)}) } }`
    return { file, function: name, part, off, tests }
  })
  // Functions without a name go with their patch too.
  functions.delete('')
  for (const reader of functions) {
    const declared = globSync('src/**/*.ts', { cwd: folder }).find((source) => declares(join(folder, source), reader))
    // Functions written in place (the table's own `find`) go with their patch.
    if (declared !== undefined) mutants.push({ file: declared, function: reader, tests })
  }
  return mutants
}

function collectFunctions(holder: object, into: Set<string>): void {
  for (const value of Object.values(holder)) {
    if (typeof value === 'function') into.add(value.name)
    else if (typeof value === 'object' && value !== null) collectFunctions(value as object, into)
  }
}

function declares(file: string, name: string): boolean {
  return new RegExp(`^(export )?(async )?function\\*? ${name}\\b`, 'm').test(readFileSync(file, 'utf8'))
}

function resolveMutant(folder: string, packageName: string, mutant: Mutant): ResolvedMutant {
  const path = resolve(folder, mutant.file)
  const source = readFileSync(path, 'utf8')
  const place = `${packageName.replace('packages/', '')}/${mutant.file.replace('src/', '')}`
  const { id, change } =
    'from' in mutant ? textChange(place, source, mutant) : functionChange(place, path, mutant as FunctionMutant)
  parseSource(`${id} of ${path}`, mutated(source, change))
  const tests = mutant.tests.map((test) => join(folder, test))
  const missing = tests.find((test) => !existsSync(test))
  if (missing !== undefined) throw new Error(`${id}: there is no test ${missing}`)
  return { id, file: path, change, tests }
}

function textChange(place: string, source: string, { from, to }: TextMutant): { id: string; change: Change } {
  const id = `${place} ${JSON.stringify(from)} -> ${JSON.stringify(to)}`
  const times = source.split(from).length - 1
  if (times !== 1) throw new Error(`${id}: its text is found ${times} times in the file, and has to be found once`)
  return { id, change: { from, to } }
}

function functionChange(place: string, path: string, mutant: FunctionMutant): { id: string; change: Change } {
  const { function: name, part, off = '() => () => undefined' } = mutant
  const id = `${place} ${name}${part === undefined ? '' : ` (${part})`}`
  if (!declares(path, name))
    throw new Error(`${id}: there is no function declaration ${name} at the top level of ${path}`)
  // A function declaration is hoisted: replaced in the first statement, it is replaced for everybody.
  return { id, change: { before: `${name} = (${off})(${name});` } }
}
