/** The demo with all its questions asked, at rest, and a real browser in front of its console. */
import { expect } from 'vitest'
import { openBrowser, openPage, type Look, type WatchedPage } from '../packages/console/test/browser/open-browser.ts'
import { settled } from '../packages/console/test/browser/open-console.ts'
import { openDemo } from '../packages/demo/src/open-demo.ts'
import type { ProcessMessage } from '../packages/demo/src/stage/agent-process.ts'
import { readConsole } from '../packages/demo/src/stage/console-figures.ts'
import type { LedgerEntry } from '../packages/testing/src/model-server/index.ts'

export interface DemoBench {
  /** What the model server was asked. */
  readonly entries: readonly LedgerEntry[]
  /** What the desk says of each of its runs. */
  readonly runs: readonly ProcessMessage[]
  /** Opens a page and waits until it has drawn what it fetched. */
  open(path: string, seen?: Look): Promise<WatchedPage>
  /** The same, and sees to it that nothing went wrong or elsewhere. */
  look(path: string, at: (watched: WatchedPage) => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** @param questions how many the desk is asked */
export async function openDemoBench(questions: number): Promise<DemoBench> {
  const options = { help: false, once: true, local: true, port: 0, questions, pace: 0, real: false }
  const demo = await openDemo({ ...options, fault: undefined, to: undefined }, () => undefined)
  const runs: ProcessMessage[] = []
  demo.desk.onMessage((message) => void (message.type === 'run' && runs.push(message)))
  const done = demo.desk.next('done')
  demo.desk.send({
    type: 'traffic',
    traffic: { researcherUrl: demo.researcherUrl, questions, concurrency: 4, interval: 0 },
  })
  await done
  await demo.stopAgents()
  await readConsole(demo.stage.consoleUrl, runs.length)
  const browser = await openBrowser()
  const open = async (path: string, seen?: Look): Promise<WatchedPage> => {
    const watched = await openPage(browser, demo.stage.consoleUrl, seen)
    await watched.page.goto(path)
    await settled(watched)
    return watched
  }
  return {
    entries: demo.stage.modelServer!.ledger.entries,
    runs,
    open,
    async look(path, at) {
      const watched = await open(path)
      await at(watched)
      expect({ path, faults: watched.faults, strays: watched.strays }).toEqual({ path, faults: [], strays: [] })
      await watched.context.close()
    },
    async close() {
      await browser.close()
      await demo.close()
    },
  }
}

/** The rows of a table, by their heads; of each cell what it shows. */
export async function rowsOf({ page }: WatchedPage, region: string): Promise<Map<string, readonly string[]>> {
  const table = page.getByRole('region', { name: region })
  await table.locator('tbody tr').first().waitFor()
  const rows = await table
    .locator('tbody tr')
    .evaluateAll((all) =>
      all.map((row) => [...row.children].map((cell) => (cell as HTMLElement).innerText.replaceAll(/\s+/g, ' ').trim())),
    )
  return new Map(rows.map(([name, ...cells]) => [name!, cells]))
}
