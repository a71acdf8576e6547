import { readFileSync } from 'node:fs'
import module from 'node:module'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { diag } from '@opentelemetry/api'
import { guard } from '@agentel/api'
import { announcement, bindingSetters, cjsEnding, loaderSource, withEnding } from './announce-module.ts'
import { absentEntries } from './entry-files.ts'
import type { ModuleExports } from './patch-table.ts'
import { type BindingSetters, rebindable } from './rebindable.ts'

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
   * Exported functions that the module itself is to have in their replaced form: the exports that `onLoad` gets are then
   * an object that can be changed. Only for what no prototype, callback or channel reaches.
   */
  readonly rebind?: readonly string[] | undefined
  /**
   * Called once for every copy that is loaded, when it has been evaluated and before the application sees it. Patch what
   * the exports hold. What a CommonJS module exports can also be replaced, by returning a changed copy (the namespace
   * that `require()` gives for an ES module is frozen); the bindings of an imported ES module cannot.
   */
  readonly onLoad: (exports: ModuleExports, loaded: LoadedModule) => ModuleExports | undefined | void
  /** Called once for every copy that has none of the entries, when its first file is loaded: nothing of it can be hooked. */
  readonly onUnknownLayout?: (loaded: LoadedModule) => void
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
  hookCompilation()
  ;(globalThis as Record<symbol, unknown>)[Symbol.for('agentel.module_hooks')] = onImport
  if (!supportsSyncHooks()) return
  module.registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      // With a query it is a wrapper of somebody else's; the module itself is loaded by it.
      const found = url.includes('?') ? undefined : findHook(url, loaded.format === 'module' ? 'esm' : undefined)
      if (found === undefined) return loaded
      const setters = bindingSetters(found.hook.rebind ?? [])
      return guard('module-hooks.load', () => withEnding(loaded, announcement(url, setters))) ?? loaded
    },
  })
}

/** Called by an ES module of ours that has been evaluated; without its namespace by the first one of a copy. */
function onImport(url: string, namespace?: ModuleExports, setters?: BindingSetters): void {
  const found = findHook(url, 'esm')
  if (found !== undefined && namespace !== undefined) callHook(found, namespace, 'esm', setters)
}

/** CommonJS: every module goes through `load` once, whoever asked for it, also an `import`. */
function hookRequires(): void {
  const prototype = module.Module.prototype as unknown as { load(this: LoadingModule, filename: string): unknown }
  const original = prototype.load
  prototype.load = function load(filename) {
    const result = Reflect.apply(original, this, [filename])
    const found = findHook(filename, 'cjs')
    if (found === undefined) return result
    const setters = bindings.get(filename)
    bindings.delete(filename)
    const changed = callHook(found, this.exports, 'cjs', setters)
    // What was changed inside of the module shows in its exports.
    this.exports = changed ?? this.exports
    return result
  }
}

/** Of CommonJS modules that have been evaluated and not been looked at yet, by their file. */
const bindings = new Map<string, BindingSetters>()

/** CommonJS: the functions inside a module can be reached only by what it says itself. */
function hookCompilation(): void {
  ;(globalThis as Record<symbol, unknown>)[Symbol.for('agentel.module_bindings')] = (
    file: string,
    setters: BindingSetters,
  ): void => void bindings.set(file, setters)
  const prototype = module.Module.prototype as unknown as { _compile(...args: unknown[]): unknown }
  const original = prototype._compile
  prototype._compile = function _compile(content, filename, format, ...rest) {
    const hook = format === 'module' ? undefined : findHook(String(filename))?.hook
    const ending = hook?.rebind === undefined ? '' : cjsEnding(hook.rebind)
    const source = typeof content === 'string' ? content + ending : content
    return Reflect.apply(original, this, [source, filename, format, ...rest])
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
  /** Whether the file is one of the hook's entries. */
  readonly isEntry: boolean
}

function callHook(
  { hook, file, root }: FoundHook,
  exports: ModuleExports,
  format: 'esm' | 'cjs',
  setters: BindingSetters | undefined,
): ModuleExports | undefined {
  const version = versionOf(root)
  return guard(`module-hooks.${hook.module}`, () => {
    const view = hook.rebind === undefined || setters === undefined ? exports : rebindable(exports, setters)
    return hook.onLoad(view, { format, file, root, version }) ?? undefined
  })
}

/**
 * The hook whose entry a file is: by the innermost folder `node_modules/<package>`. Asked for every module that loads.
 *
 * @param format of a file that is being loaded: when it belongs to a copy that has no entry at all, that is told
 */
function findHook(location: string, format?: LoadedModule['format']): FoundHook | undefined {
  for (const hook of hooks) {
    // Most modules of an application are none of ours: look at the text before taking it apart.
    if (!location.includes(hook.module.replaceAll('/', location.startsWith('file:') ? '/' : sep))) continue
    const found = guard('module-hooks.find', () => matchFile(hook, location))
    if (found?.isEntry === true) return found
    if (found !== undefined && format !== undefined) guard('module-hooks.layout', () => checkLayout(found, format))
  }
  return undefined
}

function matchFile(hook: ModuleHook, location: string): FoundHook | undefined {
  const file = location.startsWith('file:') ? fileURLToPath(location) : location
  const folder = `${sep}node_modules${sep}${hook.module.replaceAll('/', sep)}${sep}`
  const start = file.lastIndexOf(folder)
  if (start < 0) return undefined
  const root = file.slice(0, start + folder.length)
  const entry = file.slice(root.length).replaceAll(sep, '/')
  return { hook, file, root, isEntry: hook.entries.includes(entry.replace(/\.[cm]?js$/, '')) }
}

/** Copies whose files were looked for already. */
const checked = new WeakMap<ModuleHook, Set<string>>()

function checkLayout({ hook, file, root }: FoundHook, format: LoadedModule['format']): void {
  const copies = checked.get(hook) ?? new Set()
  checked.set(hook, copies)
  const copy = `${format} ${root}`
  if (copies.has(copy)) return
  copies.add(copy)
  if (absentEntries(root, hook.entries).length < hook.entries.length) return
  hook.onUnknownLayout?.({ format, file, root, version: versionOf(root) })
}

function versionOf(root: string): string | undefined {
  return guard('module-hooks.version', () => readVersion(root))
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
function registerLoader({ module: name, entries, rebind = [] }: ModuleHook): void {
  const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const folder = `/node_modules/${escape(name)}/`
  const pattern = `${folder}(?:${entries.map(escape).join('|')})\\.[cm]?js$`
  module.register(loaderSource(pattern, `^.*${folder}`, rebind))
}
