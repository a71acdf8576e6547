/** A real console on free ports with a store of its own, and a browser in front of it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { type ConsoleOptions, startConsole } from '../../src/start-console.ts'
import { openBrowser, openPage, type Look, type WatchedPage } from './open-browser.ts'

export interface Bench {
  /** Origin of page, API and OTLP/HTTP. */
  readonly url: string
  /** Opens a path and waits until the page has drawn what it fetched. */
  open(path: string, look?: Look): Promise<WatchedPage>
  close(): Promise<void>
}

/** @throws what the console or the browser throw at their start */
export async function openBench(options: ConsoleOptions = {}): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'agentel-page-'))
  const started = await startConsole({ port: 0, grpcPort: false, dataFile: join(folder, 'console.db'), ...options })
  const browser: Browser = await openBrowser()
  return {
    url: started.url,
    async open(path, look) {
      const watched = await openPage(browser, started.url, look)
      await watched.page.goto(path)
      await settled(watched)
      return watched
    },
    async close() {
      await browser.close()
      await started.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Waits until a page is there and no request is under way but the live stream. */
export async function settled({ page }: WatchedPage): Promise<void> {
  await page.locator('main > div').first().waitFor()
  await page.waitForFunction(() => !document.querySelector('main')?.textContent?.includes('Reading'))
}

/** Text of an element with its white space made single. */
export async function textOf(watched: WatchedPage, selector: string): Promise<string> {
  return (await watched.page.locator(selector).first().innerText()).replaceAll(/\s+/g, ' ').trim()
}
