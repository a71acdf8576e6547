/** What a package's `test/mutants.ts` is written with. */
import type { FunctionMutant, TextMutant } from './mutants.ts'

/** What takes a function's place, made from the original: one that gives nothing of its kind. */
export const none = '() => () => []'
export const nothing = '() => () => null'
export const yes = '() => () => true'
export const no = '() => () => false'
export const same = '() => (value) => value'

/** Each function of a file, by what takes its place; `undefined` is one that does and returns nothing. */
export function mutantsOf(
  file: string,
  tests: readonly string[],
  functions: Readonly<Record<string, string | undefined>>,
): FunctionMutant[] {
  return Object.entries(functions).map(([name, off]) => ({
    file,
    function: name,
    tests,
    ...(off === undefined ? undefined : { off }),
  }))
}

/** Decisions of a file, each as it stands there and as it is taken otherwise. */
export function decisionsOf(
  file: string,
  tests: readonly string[],
  decisions: readonly (readonly [from: string, to: string])[],
): TextMutant[] {
  return decisions.map(([from, to]) => ({ file, from, to, tests }))
}
