import * as http from 'node:http'
import * as https from 'node:https'
import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import * as api from '@opentelemetry/api'
import type { Plugin } from 'esbuild'

const root = join(import.meta.dirname, '..')

/**
 * The SDK's newest line takes names from the api that 1.9 does not have, and a named import of one of them would be an
 * error at link time. So the bundled SDK takes all of its names from here.
 */
const LATER_THAN_1_9: Record<string, string> = {
  SeverityNumber: '{ UNSPECIFIED: 0 }',
  createNoopLogger: '(() => ({ emit() {}, enabled: () => false }))',
}
const apiSince19 = [
  "import * as api from '@opentelemetry/api'",
  ...Object.keys(api)
    .filter((name) => name !== 'default')
    .map(
      (name) => `export const ${name} = api['${name}']${name in LATER_THAN_1_9 ? ` ?? ${LATER_THAN_1_9[name]}` : ''}`,
    ),
].join('\n')

export const apiOfAnyVersion: Plugin = {
  name: 'api-of-any-version',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@opentelemetry\/api$/ }, ({ importer, namespace }) =>
      namespace === 'file' && importer.includes('node_modules')
        ? { path: 'api', namespace: 'since-1.9' }
        : { path: '@opentelemetry/api', external: true },
    )
    onLoad({ filter: /.*/, namespace: 'since-1.9' }, () => ({ contents: apiSince19, resolveDir: root }))
  },
}

/**
 * OTLP's gRPC base requires grpc-js through a `require` of its own making, which no bundler sees: left like that, the
 * published package would look for grpc-js in the application.
 */
export const grpcInside: Plugin = {
  name: 'grpc-inside',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /otlp-grpc-exporter-base\/dist\/.*\.mjs$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('__require("@grpc/grpc-js")', 'require("@grpc/grpc-js")'),
      loader: 'js',
    }))
    // Half of what grpc-js brings: a server, and what loads .proto files for servers that report on themselves.
    onResolve({ filter: /^@grpc\/proto-loader$/ }, ({ path }) => ({ path, namespace: 'left-out' }))
    onResolve({ filter: /^\.\/server(-interceptors|-credentials)?$/ }, ({ path, importer }) =>
      importer.includes('/grpc-js/') ? { path, namespace: 'left-out' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {}' }))
  },
}

/** Exports of http that are getters, and load undici when they are read. */
const LOADS_UNDICI = new Set(['CloseEvent', 'MessageEvent', 'WebSocket'])

/** A module of Node's as an ES module whose exports are named; for `await import()`, which cannot take them as needed. */
function namedExports(path: string): string {
  const names = Object.keys(path === 'http' ? http : https).filter(
    (name) => name !== 'default' && !LOADS_UNDICI.has(name),
  )
  return [
    `const module = process.getBuiltinModule('node:${path}')`,
    'export default module',
    ...names.map((name) => `export const ${name} = module.${name}`),
  ].join('\n')
}

/** Of Node's own modules, those that a start has not loaded yet and that bring others: 2 to 5 ms of CPU each. */
const COSTLY = new Set([
  'child_process',
  'crypto',
  'fs/promises',
  'net',
  'perf_hooks',
  'sqlite',
  'v8',
  'worker_threads',
  'zlib',
])

/** Functions, whose default import is called or extended. */
const CALLABLE = new Set(['assert', 'events', 'module', 'stream'])

/**
 * A module of Node's behind an empty object. esbuild copies the own properties of what it takes for CommonJS, and the mere
 * look at one of Node's can load what it stands for; an object that inherits them has none to copy. The costly ones are
 * behind a proxy, which loads them when a property is first read.
 */
function inheritedExports(name: string): string {
  const builtin = `process.getBuiltinModule('node:${name}')`
  if (CALLABLE.has(name)) return `module.exports = ${builtin}`
  if (!COSTLY.has(name)) return `module.exports = Object.create(${builtin})`
  return [
    'let builtin',
    `const get = (_, key) => key === '__esModule' ? undefined : (builtin ??= ${builtin})[key]`,
    'module.exports = Object.create(new Proxy({}, { get }))',
  ].join('\n')
}

/**
 * An ES module's import of one of Node's own makes Node read every export of it, getters included: that of `http` loads
 * undici (20 ms of CPU), those of `process`, `fs`, `util` and `crypto` load streams, watchers and web crypto. Taken as an
 * object, only what is used is read.
 */
export const builtinsAsNeeded: Plugin = {
  name: 'builtins-as-needed',
  setup({ onResolve, onLoad }) {
    const builtins = new Set(builtinModules)
    onResolve({ filter: /^[a-z_:/0-9]+$/ }, ({ path, kind }) => {
      const name = path.replace('node:', '')
      if (!builtins.has(name)) return undefined
      if (kind === 'import-statement') return { path: name, namespace: 'builtin-object' }
      if (kind === 'dynamic-import' && /^https?$/.test(name)) return { path: name, namespace: 'builtin-names' }
      return undefined
    })
    onLoad({ filter: /.*/, namespace: 'builtin-object' }, ({ path }) => ({ contents: inheritedExports(path) }))
    onLoad({ filter: /.*/, namespace: 'builtin-names' }, ({ path }) => ({ contents: namedExports(path) }))
  },
}

/** What is loaded later is bundled apart: the import of it stays one. */
export const exportersApart: Plugin = {
  name: 'exporters-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/exporters\/.*\.ts$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: path.replace(/\.ts$/, '.js'), external: true } : undefined,
    )
  },
}
