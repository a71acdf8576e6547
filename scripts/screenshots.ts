/**
 * `pnpm screenshots [--minutes N]`: runs the demo, lets it work for a while, and writes pictures of the console to
 * docs/images, in both themes. They are looked at before they are committed.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs, stripVTControlCharacters } from 'node:util'
import type { TraceList } from '../packages/console/src/api/contract.ts'
import { openBrowser, openPage } from '../packages/console/test/browser/open-browser.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '4' } } })
const root = join(import.meta.dirname, '..')
const images = join(root, 'docs/images')

/** Starts the demo; resolves with its console's address. */
async function startDemo(): Promise<{ child: ChildProcess; url: string }> {
  const main = join(root, 'packages/demo/src/main.ts')
  const args = ['--conditions=@agentel/source', main, '--local', '--port', '0', '--pace', '1']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface(child.stdout)) {
    const url = /The console is at (\S+)/.exec(stripVTControlCharacters(line))?.[1]
    if (!url) continue
    child.stdout.resume()
    return { child, url }
  }
  throw new Error('the demo ended before it said where its console is')
}

/** Newest run of a status, with the most spans. */
async function newestRun(url: string, status: 'ok' | 'error'): Promise<string> {
  const answer = await fetch(`${url}/api/traces?status=${status}&limit=20&sort=spans`)
  const { traces } = (await answer.json()) as TraceList
  if (!traces[0]) throw new Error(`the demo has no run with status ${status} yet; give it more --minutes`)
  return traces[0].traceId
}

interface Shot {
  readonly name: string
  readonly path: string
  readonly wait: string
  readonly width?: number
  readonly height?: number
}

function shots(failed: string, good: string): readonly Shot[] {
  const wide: readonly Shot[] = [
    { name: 'overview', path: '/?range=15m', wait: '.tiles' },
    { name: 'runs', path: '/runs?range=15m', wait: '.run-item' },
    { name: 'waterfall', path: `/runs/${failed}`, wait: '.failure' },
    { name: 'conversation', path: `/runs/${good}?view=conversation`, wait: '.turn .message' },
    { name: 'agents', path: '/agents?range=15m', wait: '.agent-graph' },
    { name: 'cost', path: '/cost?range=15m', wait: '.time-bars' },
  ]
  const narrow = wide.slice(0, 3).map((shot) => ({ ...shot, name: `${shot.name}-phone`, width: 390, height: 844 }))
  return [...wide, ...narrow]
}

async function takeAll(url: string): Promise<void> {
  const [failed, good] = await Promise.all([newestRun(url, 'error'), newestRun(url, 'ok')])
  const browser = await openBrowser()
  mkdirSync(images, { recursive: true })
  for (const theme of ['light', 'dark'] as const) {
    for (const { name, path, wait: selector, ...size } of shots(failed, good)) {
      const { page, context } = await openPage(browser, url, { theme, width: 1280, height: 800, ...size })
      await page.goto(path)
      await page.locator(selector).first().waitFor()
      await page.evaluate(() => document.fonts.ready)
      // The live stream's light and the layout's worker answer within this.
      await wait(600)
      await page.screenshot({ path: join(images, `${name}-${theme}.png`) })
      console.log(`docs/images/${name}-${theme}.png`)
      await context.close()
    }
  }
  await browser.close()
}

const { child, url } = await startDemo()
try {
  console.log(`the demo works at ${url} for ${values.minutes} minutes`)
  await wait(Number(values.minutes) * 60_000)
  await takeAll(url)
} finally {
  child.kill('SIGINT')
}
