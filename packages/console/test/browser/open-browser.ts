/** A real Chromium: one that is installed or that Debian has, else the one that npm has, fetched once into `.cache/`. */
import { execFileSync } from 'node:child_process'
import { accessSync, constants, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { installDebianPackage } from '@agentel/testing/debian-package'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { once } from './once.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const PACKAGE = '@sparticuz/chromium'
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

function installed(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const candidates = [
    process.env.CHROME_PATH ?? '',
    ...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))),
    MAC,
  ]
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return file !== ''
    } catch {
      return false
    }
  })
}

/** @sparticuz/chromium's are for one page that is alone: one that ends takes a browser of a single process with it. */
const LONELY = new Set(['--single-process', '--no-zygote'])

/** @sparticuz/chromium unpacks a browser for Linux; it is 60 MB, so it is no dependency of the workspace. */
async function fetched(): Promise<{ path: string; flags: string[] }> {
  const folder = join(import.meta.dirname, '../../../../.cache/browser')
  const load = async () => {
    const { default: packed } = await import(createRequire(join(folder, 'package.json')).resolve(PACKAGE))
    return packed as { executablePath(): Promise<string>; args: string[] }
  }
  await once(join(folder, 'unpacked'), async () => {
    writeFileSync(join(folder, 'package.json'), '{"name":"browser-for-tests","private":true,"type":"module"}')
    execFileSync('npm', ['install', '--no-audit', '--no-fund', `${PACKAGE}@153.0.0`], { cwd: folder, stdio: 'pipe' })
    await (await load()).executablePath()
  })
  const packed = await load()
  return { path: await packed.executablePath(), flags: packed.args.filter((flag) => !LONELY.has(flag)) }
}

/**
 * Starts a browser.
 * @throws when none is installed, and neither apt nor npm has one
 */
export async function openBrowser(): Promise<Browser> {
  const path = installed() ?? (installDebianPackage('chromium') ? installed() : undefined)
  if (path !== undefined) return chromium.launch({ executablePath: path, args: FLAGS })
  const other = await fetched()
  return chromium.launch({ executablePath: other.path, args: [...other.flags, ...FLAGS] })
}

/** How a page is looked at. */
export interface Look {
  readonly theme?: 'light' | 'dark'
  readonly width?: number
  readonly height?: number
}

/** A page that remembers what must not happen: requests elsewhere, errors, dialogs. */
export interface WatchedPage {
  readonly page: Page
  readonly context: BrowserContext
  /** Addresses that were asked for outside the origin. */
  readonly strays: readonly string[]
  /** Script errors, violations of the content security policy, dialogs. */
  readonly faults: readonly string[]
}

/** @param origin where requests may go */
export async function openPage(browser: Browser, origin: string, look: Look = {}): Promise<WatchedPage> {
  const { theme = 'light', width = 1280, height = 800 } = look
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
  })
  // A busy machine is slow, not wrong.
  context.setDefaultTimeout(50_000)
  const page = await context.newPage()
  const strays: string[] = []
  const faults: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) strays.push(request.url())
  })
  page.on('pageerror', (error) => faults.push(String(error.stack ?? error)))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return { page, context, strays, faults }
}
