import { globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A function of ours to switch off, as a package's `test/mutants.ts` names it. */
export interface Mutant {
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
  /** JavaScript that goes before the file's first line. */
  readonly code: string
  readonly tests: readonly string[]
}

interface MutantsModule {
  readonly mutants?: readonly Mutant[]
  readonly tables?: readonly TableMutants[]
}

/**
 * All mutants of the repository.
 *
 * @throws Error when an instrumentation or processor registers none, or a function that is named does not exist
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
function tableMutants(folder: string, { table, file, function: name, tests }: TableMutants): Mutant[] {
  const functions = new Set<string>()
  const mutants: Mutant[] = table.patches.map((patch) => {
    collectFunctions(patch, functions)
    const part = String((patch as { name?: unknown }).name)
    const off = `(make) => (...args) => { const table = make(...args); return { ...table, patches: table.patches.filter((patch) => patch.name !== ${JSON.stringify(part)}) } }`
    return { file, function: name, part, off, tests }
  })
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
  const { file, function: name, part, off = '() => () => undefined', tests } = mutant
  const path = resolve(folder, file)
  const id = `${packageName.replace('packages/', '')}/${file.replace('src/', '')} ${name}${part === undefined ? '' : ` (${part})`}`
  if (!declares(path, name))
    throw new Error(`${id}: there is no function declaration ${name} at the top level of ${path}`)
  // A function declaration is hoisted: replaced in the first statement, it is replaced for everybody.
  return { id, file: path, code: `${name} = (${off})(${name});`, tests: tests.map((test) => join(folder, test)) }
}
