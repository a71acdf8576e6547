import module from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { readFileSync } from 'node:fs'
import { diag } from '@opentelemetry/api'
import { guard } from '@agentel/api'
import type { ModuleExports } from './patch-table.ts'

/** A loaded copy of a package. */
export interface LoadedModule {
  readonly format: 'esm' | 'cjs'
  /** Path of the file that was loaded. */
  readonly file: string
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
   * Called once for every copy that is loaded. To replace exports, return a changed copy of `exports` (a namespace
   * that `require()` gives for an ES module is frozen); to patch what they hold, change that and return nothing.
   */
  readonly onLoad: (exports: ModuleExports, loaded: LoadedModule) => ModuleExports | undefined | void
}

type ImportHook = (url: string, namespace: Record<string, unknown>) => void
interface ImportInTheMiddle {
  addHook(hook: ImportHook): void
  removeHook(hook: ImportHook): void
}
interface LoaderHook {
  applyOptions(options: { shouldInclude: (url: string, specifier: string) => boolean }): void
  readonly resolveSync: module.ResolveHookSync
  readonly loadSync: module.LoadHookSync
}
type RequireHook = new (
  modules: string[],
  onRequire: (exports: ModuleExports, name: string, directory?: string) => ModuleExports,
) => { unhook(): void }

/** The modules to look out for. One list for the process: Node's hooks, once registered, stay. */
const hooks = new Set<ModuleHook>()
let loaderRegistered = false

/**
 * Calls `hook.onLoad` for every copy of the package that is imported or required from now on.
 *
 * @returns a function that stops it. Nothing here throws: a failure to hook is a line in `diag`.
 */
export function hookModule(hook: ModuleHook): () => void {
  hooks.add(hook)
  const stops = [
    guard('module-hooks.import', () => hookImports(hook)),
    guard('module-hooks.require', () => hookRequires(hook)),
  ]
  return () => {
    hooks.delete(hook)
    for (const stop of stops) guard('module-hooks.stop', () => stop?.())
  }
}

const require = module.createRequire(import.meta.url)

/** ES modules: import-in-the-middle, in a hook instance of our own, asked for our modules only. */
function hookImports(hook: ModuleHook): () => void {
  const { addHook, removeHook }: ImportInTheMiddle = require('import-in-the-middle')
  registerLoader(hook)
  const seen = new Set<string>()
  const onImport: ImportHook = (url, namespace) => {
    if (!url.startsWith('file:') || seen.has(url)) return
    const file = fileURLToPath(url)
    const entry = entryOf(hook, file)
    if (entry === undefined) return
    seen.add(url)
    const replaced = guard(`module-hooks.${hook.module}`, () =>
      hook.onLoad(namespace, { format: 'esm', file, version: entry.version() }),
    )
    // The namespace that import-in-the-middle hands out writes through to the bindings that the application sees.
    for (const [name, value] of Object.entries(replaced ?? {})) {
      if (name in namespace && namespace[name] !== value) namespace[name] = value
    }
  }
  addHook(onImport)
  return () => removeHook(onImport)
}

/**
 * import-in-the-middle's own `register()` works once per process and its first list of modules wins, whoever called
 * it: so we make an instance of our own, which works beside any other copy.
 */
function registerLoader(hook: ModuleHook): void {
  const location = require.resolve('import-in-the-middle/register-hooks.mjs')
  const { supportsSyncHooks } = require('import-in-the-middle/supports-sync-hooks.mjs') as {
    supportsSyncHooks(): boolean
  }
  if (!supportsSyncHooks()) {
    // Off the main thread there is no shared list: each hook brings its own copy of the loader. The query makes it so.
    const loader = pathToFileURL(join(dirname(location), 'hook.mjs'))
    loader.search = `agentel=${encodeURIComponent(hook.module)}`
    module.register(loader.href, { data: { include: [packagePattern(hook)] } })
    return
  }
  if (loaderRegistered) return
  loaderRegistered = true
  let loader: LoaderHook | undefined
  module.registerHooks({
    resolve(specifier, context, nextResolve) {
      if (loader === undefined) {
        const resolved = nextResolve(specifier, context)
        if (!isHooked(resolved.url)) return resolved
        loader = makeLoader(pathToFileURL(location).href)
      }
      return loader.resolveSync(specifier, context, nextResolve)
    },
    load: (url, context, nextLoad) =>
      loader === undefined ? nextLoad(url, context) : loader.loadSync(url, context, nextLoad),
  })
}

/** The loader takes 6 ms of CPU to load: made when the first module of ours turns up, not in every process. */
function makeLoader(url: string): LoaderHook {
  const { createHook } = require('import-in-the-middle/create-hook.mjs') as {
    createHook(meta: { url: string }): LoaderHook
  }
  const loader = createHook({ url })
  // What a package imports of itself, by a relative path, stays as it is: only what the application imports is wrapped.
  loader.applyOptions({
    shouldInclude: (moduleUrl, specifier) => !specifier.startsWith('.') && isHooked(moduleUrl),
  })
  return loader
}

function isHooked(url: string): boolean {
  for (const hook of hooks) {
    // Most modules of an application are none of ours: look at the text before parsing it.
    if (url.includes(`/${hook.module}/`) && url.startsWith('file:') && entryOf(hook, fileURLToPath(url)) !== undefined)
      return true
  }
  return false
}

function packagePattern({ module: name, entries }: ModuleHook): RegExp {
  const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`/node_modules/${escape(name)}/(${entries.map(escape).join('|')})\\.[cm]?js$`)
}

/** CommonJS: require-in-the-middle. */
function hookRequires(hook: ModuleHook): () => void {
  const { Hook } = require('require-in-the-middle') as { Hook: RequireHook }
  const names = [hook.module, ...hook.entries.map((entry) => `${hook.module}/${entry}`)]
  const requireHook = new Hook(names, (exports, name, directory) => {
    const replaced = guard(`module-hooks.${hook.module}`, () =>
      hook.onLoad(exports, {
        format: 'cjs',
        file: directory === undefined ? name : join(directory, name === hook.module ? '' : relative(hook.module, name)),
        version: directory === undefined ? undefined : readVersion(directory),
      }),
    )
    return replaced ?? exports
  })
  return () => requireHook.unhook()
}

/** Whether a file is one of the hook's entries: by the innermost folder `node_modules/<package>`. */
function entryOf(hook: ModuleHook, file: string): { version(): string | undefined } | undefined {
  const folder = `${sep}node_modules${sep}${hook.module.replaceAll('/', sep)}${sep}`
  const start = file.lastIndexOf(folder)
  if (start < 0) return undefined
  const root = file.slice(0, start + folder.length)
  const entry = file
    .slice(root.length)
    .replaceAll(sep, '/')
    .replace(/\.[cm]?js$/, '')
  return hook.entries.includes(entry) ? { version: () => readVersion(root) } : undefined
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
