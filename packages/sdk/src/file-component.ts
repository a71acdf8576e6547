import { didYouMean } from './nearest-name.ts'
import { StartError } from './start-error.ts'

/** A component in a file: an object with one key, its name, and its options as the value. */
export type Component = Readonly<Record<string, unknown>>

/** Refuses a component that is not here, and says which are. */
export function unknownComponent(path: string, known: readonly string[]): never {
  const hint = didYouMean(path.slice(path.lastIndexOf('.') + 1), known)
  const message = `${path} is not a component that @agentel/sdk has; there are: ${known.join(', ')}${hint}`
  throw new StartError('AGENTEL_CONFIG_UNKNOWN_COMPONENT', path, message)
}

/** The component's name and options. @throws {StartError} when there is not exactly one */
export function only(component: Component, path: string): [name: string, options: unknown] {
  const [first, second] = Object.entries(component)
  if (first === undefined || second !== undefined) {
    throw new StartError('AGENTEL_CONFIG_INVALID_VALUE', path, `${path} must name exactly one component`)
  }
  return first
}
