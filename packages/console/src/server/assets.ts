/** The page's files: from `dist-ui/` when published, bundled in memory when the console runs from source. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

/** One file of the page, ready to be sent. */
export interface Asset {
  readonly body: Buffer
  /** The same, compressed; send it when the request accepts gzip. */
  readonly gzip: Buffer
  /** Content-Type, with charset. */
  readonly type: string
  /** Strong ETag with its quotes. Files keep their names between versions, so always revalidate (`no-cache`). */
  readonly etag: string
}

/** Finds what answers a GET of a path. */
export interface Assets {
  /** @returns undefined for a path that is neither a file nor a page */
  find(pathname: string): Asset | undefined
}

/** Sent with every page and file: nothing inline, nothing from elsewhere, no frame around us. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
}

/** First segments of the paths that the page draws itself. */
const PAGES = new Set([
  '',
  'runs',
  'compare',
  'agents',
  'workers',
  'sessions',
  'users',
  'feedback',
  'cost',
  'business',
  'metrics',
  'logs',
  'audit',
  'signals',
  'alerts',
  'anomalies',
  'health',
  'settings',
])

/**
 * Reads, or from source builds, the page.
 * @throws when `dist-ui/` is missing (`pnpm bundle` makes it) or the sources do not compile
 */
export async function openAssets(): Promise<Assets> {
  const files = await (import.meta.url.endsWith('.ts') ? bundleFromSource() : readBundle())
  const assets = new Map<string, Asset>()
  for (const [name, bytes] of files) assets.set(name, await toAsset(name, bytes))
  return {
    find(pathname) {
      const path = pathname.slice(1)
      return assets.get(PAGES.has(path.split('/', 1)[0] ?? '') ? 'index.html' : path)
    },
  }
}

async function bundleFromSource(): Promise<Map<string, Uint8Array>> {
  const { bundlePage } = await import(new URL('../../ui/build.ts', import.meta.url).href)
  return bundlePage({ minify: false })
}

async function readBundle(): Promise<Map<string, Uint8Array>> {
  const root = join(import.meta.dirname, '../../dist-ui')
  const names = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => {
    throw new Error(`the page's files are not in ${root}: run "pnpm bundle" in packages/console, or reinstall`)
  })
  const files = new Map<string, Uint8Array>()
  for (const entry of names) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files.set(path.slice(root.length + 1).replaceAll('\\', '/'), await readFile(path))
  }
  return files
}

async function toAsset(name: string, bytes: Uint8Array): Promise<Asset> {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return {
    body,
    gzip: await promisify(gzip)(body, { level: 6 }),
    type: TYPES[extname(name)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
  }
}
