import { readFileSync } from 'node:fs'
import module from 'node:module'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { diag } from '@opentelemetry/api'
import { guard } from '@agentel/api'
import { announcement, loaderSource, withEnding } from './announce-module.ts'
import type { ModuleExports } from './patch-table.ts'

/** A loaded copy of a package. */
export interface LoadedModule {
  readonly format: 'esm' | 'cjs'
  /** Path of the file that was loaded. */
  readonly file: string
  /** Folder of the package. */
  readonly root: string
  /** Of the package's package.json; `undefined` when it could not be read. */
  readonly version: string | undefined
}

/** What to do when a package is loaded. */
export interface ModuleHook {
  /** The npm package's name. */
  readonly module: string
  /** Files relative to its root, without extension, that applications import. */
  readonly entries: readonly string[]
  /**
   * Called once for every copy that is loaded, when it has been evaluated and before the application sees it. Patch what
   * the exports hold. What a CommonJS module exports can also be replaced, by returning a changed copy (the namespace
   * that `require()` gives for an ES module is frozen); the bindings of an imported ES module cannot.
   */
  readonly onLoad: (exports: ModuleExports, loaded: LoadedModule) => ModuleExports | undefined | void
}

/** The modules to look out for. One list for the process: Node's hooks, once registered, stay. */
const hooks = new Set<ModuleHook>()
let registered = false

/**
 * Calls `hook.onLoad` for every copy of the package that is imported or required from now on.
 *
 * It works beside any number of other vendors' hooks, in either order, for it wraps no module: an ES module announces
 * itself at its own end, and a CommonJS module is looked at when it has been loaded.
 *
 * @returns a function that stops it. Nothing here throws: a failure to hook is a line in `diag`.
 */
export function hookModule(hook: ModuleHook): () => void {
  hooks.add(hook)
  guard('module-hooks.register', register)
  if (!supportsSyncHooks()) guard('module-hooks.loader', () => registerLoader(hook))
  return () => void hooks.delete(hook)
}

function register(): void {
  if (registered) return
  registered = true
  hookRequires()
  ;(globalThis as Record<symbol, unknown>)[Symbol.for('agentel.module_hooks')] = onImport
  if (!supportsSyncHooks()) return
  module.registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      // With a query it is a wrapper of somebody else's; the module itself is loaded by it.
      if (url.includes('?') || findHook(url) === undefined) return loaded
      return guard('module-hooks.load', () => withEnding(loaded, announcement(url))) ?? loaded
    },
  })
}

/** Called by an ES module of ours that has been evaluated. */
function onImport(url: string, namespace: ModuleExports): void {
  const found = findHook(url)
  if (found !== undefined) callHook(found, namespace, 'esm')
}

/** CommonJS: every module goes through `load` once, whoever asked for it, also an `import`. */
function hookRequires(): void {
  const prototype = module.Module.prototype as unknown as { load(this: LoadingModule, filename: string): unknown }
  const original = prototype.load
  prototype.load = function load(filename) {
    const result = Reflect.apply(original, this, [filename])
    const found = findHook(filename)
    if (found !== undefined) this.exports = callHook(found, this.exports, 'cjs') ?? this.exports
    return result
  }
}

interface LoadingModule {
  exports: ModuleExports
}

interface FoundHook {
  readonly hook: ModuleHook
  readonly file: string
  /** Folder of the package. */
  readonly root: string
}

function callHook({ hook, file, root }: FoundHook, exports: ModuleExports, format: 'esm' | 'cjs') {
  const version = guard('module-hooks.version', () => readVersion(root))
  return guard(`module-hooks.${hook.module}`, () => hook.onLoad(exports, { format, file, root, version })) ?? undefined
}

/** The hook whose entry a file is: by the innermost folder `node_modules/<package>`. Asked for every module that loads. */
function findHook(location: string): FoundHook | undefined {
  for (const hook of hooks) {
    // Most modules of an application are none of ours: look at the text before taking it apart.
    if (!location.includes(hook.module.replaceAll('/', location.startsWith('file:') ? '/' : sep))) continue
    const found = guard('module-hooks.find', () => matchEntry(hook, location))
    if (found !== undefined) return found
  }
  return undefined
}

function matchEntry(hook: ModuleHook, location: string): FoundHook | undefined {
  const file = location.startsWith('file:') ? fileURLToPath(location) : location
  const folder = `${sep}node_modules${sep}${hook.module.replaceAll('/', sep)}${sep}`
  const start = file.lastIndexOf(folder)
  if (start < 0) return undefined
  const root = file.slice(0, start + folder.length)
  const entry = file.slice(root.length).replaceAll(sep, '/')
  return hook.entries.includes(entry.replace(/\.[cm]?js$/, '')) ? { hook, file, root } : undefined
}

function readVersion(directory: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
    return String((manifest as { version?: unknown }).version)
  } catch (error) {
    diag.debug(`agentel: no version of the package in ${directory}: ${String(error)}`)
    return undefined
  }
}

/**
 * Releases before these refuse a CommonJS module without source from any synchronous load hook, also one that only
 * passes it on (https://github.com/nodejs/node/pull/59929).
 */
function supportsSyncHooks(): boolean {
  const [major = 0, minor = 0, patch = 0] = process.versions.node.split('.').map(Number)
  if (major === 22) return minor > 22 || (minor === 22 && patch >= 3)
  if (major === 24) return minor > 11 || (minor === 11 && patch >= 1)
  if (major === 25) return minor >= 1
  return major >= 26
}

/** The same for those releases, in Node's thread for loaders; it knows only what it is told here. */
function registerLoader({ module: name, entries }: ModuleHook): void {
  const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const pattern = `/node_modules/${escape(name)}/(?:${entries.map(escape).join('|')})\\.[cm]?js$`
  module.register(loaderSource(pattern))
}
