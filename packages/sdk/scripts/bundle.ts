/**
 * `pnpm --filter @agentel/sdk bundle`: what is published. One bundle, because start-up is paid by every process: the
 * OpenTelemetry SDK alone takes 111 ms of CPU to load from its many files, and 26 from one.
 *
 * Outside stay the api (a second copy of it is a silent noop) and the two hook libraries (they keep their hooks in
 * module state, so two copies do not see each other).
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import * as http from 'node:http'
import * as https from 'node:https'
import { join } from 'node:path'
import * as api from '@opentelemetry/api'
import { build, type Metafile, type Plugin } from 'esbuild'

const root = join(import.meta.dirname, '..')
const outdir = join(root, 'dist/bundle')

const entryPoints = [
  'index',
  'register',
  'settings',
  'build-plugs',
  'config-file',
  'check-config-file',
  'rare-propagators',
  'exporters/otlp-http-protobuf',
  'exporters/otlp-http-json',
  'exporters/otlp-grpc',
  'exporters/prometheus',
].map((name) => ({ in: join(root, `src/${name}.ts`), out: name }))

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

const apiOfAnyVersion: Plugin = {
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
const grpcInside: Plugin = {
  name: 'grpc-inside',
  setup({ onLoad }) {
    onLoad({ filter: /otlp-grpc-exporter-base\/dist\/.*\.mjs$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('__require("@grpc/grpc-js")', 'require("@grpc/grpc-js")'),
      loader: 'js',
    }))
  },
}

/** Exports of http that are getters, and load undici when they are read. */
const LOADS_UNDICI = new Set(['CloseEvent', 'MessageEvent', 'WebSocket'])

/**
 * `import 'http'` makes Node read every export of it, some of which load all of undici: 20 ms of CPU that taking the
 * module and reading only what is used does not cost.
 */
const httpWithoutUndici: Plugin = {
  name: 'http-without-undici',
  setup({ onResolve, onLoad }) {
    const namespace = 'http-without-undici'
    onResolve({ filter: /^(node:)?https?$/ }, ({ path }) => ({ path: path.replace('node:', ''), namespace }))
    onLoad({ filter: /.*/, namespace }, ({ path }) => {
      const names = Object.keys(path === 'http' ? http : https).filter(
        (name) => !LOADS_UNDICI.has(name) && name !== 'default',
      )
      const lines = names.map((name) => `export const ${name} = module.${name}`)
      return {
        contents: [`const module = process.getBuiltinModule('node:${path}')`, 'export default module', ...lines].join(
          '\n',
        ),
      }
    })
  },
}

/** The licences of everything that was taken in. */
function notices({ inputs }: Metafile): string {
  const folders = new Map<string, string>()
  for (const input of Object.keys(inputs)) {
    const match = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(input)
    if (match?.[1] && match[2]) folders.set(match[2], join(process.cwd(), match[1]))
  }
  return [...folders]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, folder]) => {
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const text = file === undefined ? `License: ${manifest.license}` : readFileSync(join(folder, file), 'utf8').trim()
      return `${name} ${manifest.version}\n\n${text}\n`
    })
    .join(`\n${'-'.repeat(80)}\n\n`)
}

if (existsSync(outdir)) rmSync(outdir, { recursive: true })
const { metafile } = await build({
  entryPoints,
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.15',
  conditions: ['@agentel/source'],
  chunkNames: '[name]-[hash]',
  external: ['import-in-the-middle', 'require-in-the-middle'],
  plugins: [apiOfAnyVersion, grpcInside, httpWithoutUndici],
  // grpc-js and protobufjs are CommonJS.
  banner: {
    js: `import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);`,
  },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
})
writeFileSync(join(outdir, 'THIRD-PARTY-NOTICES.txt'), notices(metafile))
for (const [file, { bytes }] of Object.entries(metafile.outputs)) console.log(`${String(bytes).padStart(9)} ${file}`)
