import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'

/**
 * A module of this package, loaded when it is needed and not before. The start is synchronous (an application's first
 * line must find it finished) and published modules may not await at top level, so this is `require()` of an ES module.
 *
 * @param name the file's path below this one, without extension: `exporters/prometheus`
 */
export function requireSibling<T>(name: string): T {
  return require(`./${name}.${extension}`) as T
}
