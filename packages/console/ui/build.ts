/**
 * Bundles the page. `bundlePage()` gives the files in memory (the console run from source serves those);
 * run as a script (`pnpm bundle`) it writes them to `dist-ui/`, which is what gets published.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const here = import.meta.dirname

/** The page's files by path below the site's root, such as `assets/main.js`. */
export type PageFiles = Map<string, Uint8Array>

/**
 * @param options.minify false keeps names readable (from source), true is for publishing
 * @throws esbuild's own error, which names file and line, when the page does not compile
 */
export async function bundlePage(options: { minify: boolean }): Promise<PageFiles> {
  const { build } = await import('esbuild')
  const outdir = join(here, 'out')
  const result = await build({
    entryPoints: { main: join(here, 'main.tsx'), layout: join(here, 'parts/layout-worker.ts') },
    outdir,
    entryNames: 'assets/[name]',
    chunkNames: 'assets/[name]-[hash]',
    bundle: true,
    splitting: true,
    // The workspace's own packages from their sources, whether they are built or not.
    conditions: ['@agentel/source'],
    format: 'esm',
    target: 'es2024',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: options.minify,
    sourcemap: false,
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
  })
  const files: PageFiles = new Map()
  for (const file of result.outputFiles) files.set(relative(outdir, file.path).replaceAll('\\', '/'), file.contents)
  files.set('index.html', await readFile(join(here, 'index.html')))
  files.set('assets/icon.svg', await readFile(join(here, 'icon.svg')))
  return files
}

/** What the browser fetches before the first page is drawn: kB after gzip. */
export function firstLoadKilobytes(files: PageFiles): number {
  const first = ['index.html', 'assets/main.css', ...staticImports(files, 'assets/main.js')]
  return first.reduce((sum, name) => sum + gzipSync(files.get(name) ?? new Uint8Array()).length, 0) / 1000
}

function staticImports(files: PageFiles, entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen
  seen.add(entry)
  const text = new TextDecoder().decode(files.get(entry))
  for (const [, name] of text.matchAll(/(?:^|[;\n}])\s*import\s*(?:[^'"()]*?from\s*)?["']\.\/([^'"]+)["']/g))
    staticImports(files, `assets/${name}`, seen)
  return seen
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = join(here, '../dist-ui')
  const files = await bundlePage({ minify: true })
  await rm(target, { recursive: true, force: true })
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(target, name)), { recursive: true })
    await writeFile(join(target, name), bytes)
  }
  const first = firstLoadKilobytes(files)
  console.log(`page: ${files.size} files in dist-ui, first load ${first.toFixed(1)} kB gzip (budget 120)`)
  if (first > 120) {
    console.error(
      'page: the first load is over its budget of 120 kB gzip; load what is not needed at once with import()',
    )
    process.exitCode = 1
  }
}
