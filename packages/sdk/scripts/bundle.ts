/**
 * `pnpm --filter @agentel/sdk bundle`: what is published. One bundle, because start-up is paid by every process: the
 * OpenTelemetry SDK alone takes 111 ms of CPU to load from its many files, and 26 from one.
 *
 * Outside stays the api: a second copy of it is a silent noop.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type BuildOptions, type Metafile } from 'esbuild'
import { apiOfAnyVersion, builtinsAsNeeded, exportersApart, grpcInside } from './bundle-plugins.ts'

const root = join(import.meta.dirname, '..')
const outdir = join(root, 'dist/bundle')

/** Each in one file, for a start pays for every file that it opens: what is in several of them is there several times. */
const AT_START = ['index', 'register', 'settings']

/** Loaded by nearly every process soon after its start, so each in one file too. */
const SOON = ['build-plugs', 'redacting', 'exporters/otlp-http-protobuf', 'exporters/otlp-grpc']

/** Loaded when it is needed, with what they share in common files. */
const LATER = [
  'audit-plug',
  'file-logging',
  'process-alerts',
  'process-health',
  'config-file',
  'check-config-file',
  'rare-propagators',
  'exporters/otlp-http-json',
  'exporters/prometheus',
  'exporters/serialize',
  'exporters/last-send-worker',
  'last-send',
]

function entryPoints(names: readonly string[]) {
  return names.map((name) => ({ in: join(root, `src/${name}.ts`), out: name }))
}

const shared = {
  outdir,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.15',
  conditions: ['@agentel/source'],
  // Loaded only where they are switched on; the one has a thread of its own, the other brings mail and YAML.
  external: ['@agentel/audit', '@agentel/alerts'],
  plugins: [apiOfAnyVersion, grpcInside, builtinsAsNeeded, exportersApart],
  // grpc-js and protobufjs are CommonJS.
  banner: {
    js: `import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);`,
  },
  legalComments: 'none',
  // Names stay, for stack traces; a start pays for every line that is read.
  minifyWhitespace: true,
  minifySyntax: true,
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions

/** What an entry imports when it is needed stays in files of its own. */
const split = { splitting: true, chunkNames: '[name]-[hash]' }

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
const builds = [
  await build({ ...shared, entryPoints: entryPoints(AT_START) }),
  ...(await Promise.all(SOON.map((name) => build({ ...shared, ...split, entryPoints: entryPoints([name]) })))),
  await build({ ...shared, ...split, entryPoints: entryPoints(LATER) }),
]
const metafile = {
  inputs: Object.assign({}, ...builds.map((one) => one.metafile.inputs)) as Metafile['inputs'],
  outputs: Object.assign({}, ...builds.map((one) => one.metafile.outputs)) as Metafile['outputs'],
}
writeFileSync(join(outdir, 'THIRD-PARTY-NOTICES.txt'), notices(metafile))
for (const [file, { bytes }] of Object.entries(metafile.outputs)) console.log(`${String(bytes).padStart(9)} ${file}`)
