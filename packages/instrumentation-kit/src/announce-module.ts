interface LoadedSource {
  readonly format?: string | null | undefined
  readonly source?: string | ArrayBufferLike | NodeJS.TypedArray | undefined | null
}

/**
 * An ES module's source with more at its end; other formats are given back as they are. Like {@link announcement} it is
 * also run as text, in another thread: neither may refer to anything outside of itself.
 */
export function withEnding<T extends LoadedSource>(loaded: T, ending: string): T {
  if (loaded.format !== 'module' || loaded.source === null || loaded.source === undefined) return loaded
  const source =
    typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source as Uint8Array)
  return { ...loaded, source: source + ending }
}

/**
 * A module's last statements: they tell us that it has been evaluated, and hand us its namespace. They are on lines after
 * the last one, so that all others keep their numbers.
 *
 * @param url without query: a module imports itself by it, which loaders of other vendors leave alone
 * @param setters of {@link bindingSetters}
 */
export function announcement(url: string, setters: string): string {
  return `
import * as agentelNamespace from ${JSON.stringify(url)};
globalThis[Symbol.for('agentel.module_hooks')]?.(import.meta.url, agentelNamespace, ${setters});
`
}

/**
 * The text of an object of functions that replace a module's own functions. One that the module has under another name,
 * or not at all, stays as it is.
 */
export function bindingSetters(names: readonly string[]): string {
  const setters = names.map((name) => `${name}(value) { if (typeof ${name} === 'function') ${name} = value }`)
  return `{ ${setters.join(', ')} }`
}

/** The last statement of a CommonJS module whose functions are to be replaced. */
export function cjsEnding(names: readonly string[]): string {
  return `\n;globalThis[Symbol.for('agentel.module_bindings')]?.(__filename, ${bindingSetters(names)});\n`
}

/**
 * A loader for `module.register()` that does the same to the modules whose URL matches `pattern`. The first other module of
 * each copy of the package, whose URL begins with what matches `copy`, says only that it is there.
 */
export function loaderSource(pattern: string, copy: string, names: readonly string[]): string {
  const program = `
const pattern = new RegExp(${JSON.stringify(pattern)})
const copy = new RegExp(${JSON.stringify(copy)})
const seen = new Set()
const presence = "\\nglobalThis[Symbol.for('agentel.module_hooks')]?.(import.meta.url);\\n"
const setters = ${JSON.stringify(bindingSetters(names))}
const announcement = ${announcement.toString()}
const withEnding = ${withEnding.toString()}
export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context)
  if (pattern.test(url)) return withEnding(loaded, announcement(url, setters))
  const [root] = copy.exec(url) ?? []
  if (root === undefined || seen.has(root)) return loaded
  seen.add(root)
  return withEnding(loaded, presence)
}
`
  return `data:text/javascript,${encodeURIComponent(program)}`
}
