/**
 * A shipped configuration with other values in it, for servers that have no variables.
 *
 * @throws when the file does not say what is to be replaced
 */
export function replaceAll(file: string, source: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${file} does not say ${from} any more`)
    return text.replaceAll(from, to)
  }, source)
}
