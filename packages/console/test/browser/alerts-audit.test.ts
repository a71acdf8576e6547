/** Alerts that people act on, and the audit log with its chain. */
import { DatabaseSync } from 'node:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AlertList } from '../../src/api/contract.ts'
import { writeDeskAudit, writeDeskRules } from './desk-audit.ts'
import { sendDeskSignals } from './desk-signals.ts'
import { openBench, textOf, type Bench } from './open-console.ts'
import type { WatchedPage } from './open-browser.ts'

let bench: Bench
let folder: string
const file = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agentel-alerts-page-'))
  writeDeskRules(file('rules.yaml'))
  await writeDeskAudit(file('log.db'))
  bench = await openBench({ alertRules: file('rules.yaml'), alertInterval: 100, auditFile: file('log.db') })
  await sendDeskSignals(bench.url, Date.now())
})
afterAll(async () => {
  await bench.close()
  rmSync(folder, { recursive: true })
})

async function on(path: string, look: (watched: WatchedPage) => Promise<void>): Promise<void> {
  const watched = await bench.open(path)
  await look(watched)
  expect([watched.strays, watched.faults]).toEqual([[], []])
  await watched.context.close()
}

const alerts = async () => ((await (await fetch(`${bench.url}/api/alerts`)).json()) as AlertList).alerts

describe('alerts', () => {
  it('stand with value, bound and labels; somebody takes one, silences one, and reads the report', async () => {
    await on('/alerts', async ({ page }) => {
      await page.getByText('2 alerts nobody has looked at.').waitFor()
      const mails = page.locator('.alert', { hasText: 'agentel.queue.name=mails' })
      expect((await mails.innerText()).replaceAll(/\s+/g, ' ')).toMatch(
        /^critical active Work piles up\. queue-long 9\.5, bound 5 · agentel\.queue\.depth/,
      )
      expect(await mails.getByRole('link', { name: 'Runbook' }).getAttribute('href')).toBe(
        'https://example.org/runbooks/queue',
      )
      await page.getByLabel('Your name, noted with what you do').fill('ann')
      await page.getByLabel('Your name, noted with what you do').blur()
      await mails.getByRole('button', { name: 'Acknowledge' }).click()
      await mails.getByText('ann looks after it').waitFor()
      const documents = page.locator('.alert', { hasText: 'agentel.queue.name=documents' })
      await documents.getByLabel('Silence queue-long').selectOption({ label: 'for 8 hours' })
      await page.locator('.alert.suppressed').waitFor()
      await page.locator('.silences', { hasText: 'by ann, 8 h 00 m left' }).waitFor()
      await page.getByText('Nothing new, 1 is being looked after.').waitFor()
      await mails.getByRole('button', { name: 'Incident report' }).click()
      await mails.locator('.incident pre', { hasText: 'queue-long' }).waitFor()
    })
    expect((await alerts()).map(({ state, acknowledged }) => [state, acknowledged?.by]).toSorted()).toEqual([
      ['acknowledged', 'ann'],
      ['suppressed', undefined],
    ])
  })

  it('tell again when their silence is ended', async () => {
    await on('/alerts', async ({ page }) => {
      await page.getByRole('button', { name: 'End', exact: true }).click()
      await page.getByText('1 alert nobody has looked at, 1 is being looked after.').waitFor()
    })
  })

  it('list their rules and what has changed', async () => {
    await on('/alerts', async (watched) => {
      await watched.page.getByRole('region', { name: 'Alert rules' }).getByText('average > 5 over 30 m').waitFor()
      const history = await watched.page.getByRole('region', { name: 'History of alerts' }).innerText()
      expect(history).toContain('acknowledged')
      expect(history).toContain('ann')
    })
  })
})

describe('the audit log', () => {
  it('lists records newest first, filters them, and opens one', async () => {
    await on('/audit', async (watched) => {
      const { page } = watched
      await page.locator('.log', { hasText: 'read_file_12' }).waitFor()
      expect(await textOf(watched, '.page-head .sub')).toMatch(/^\d+ records in 1 hour$/)
      await page.getByLabel('every agent').selectOption('judge')
      await page.locator('.log', { hasText: 'read_file_12' }).waitFor({ state: 'detached' })
      expect(await page.locator('.log').count()).toBe(1)
      await page.locator('.log summary').click()
      await page.locator('.log-body', { hasText: 'agentel.decision.outcome' }).waitFor()
    })
  })

  it('is turned to older records, and back to the newest', async () => {
    await on('/audit', async ({ page }) => {
      await page.locator('.log', { hasText: 'read_file_12' }).waitFor()
      expect(await page.locator('.log', { hasText: 'archive_1.' }).count()).toBe(0)
      await page.getByRole('button', { name: 'Older' }).click()
      await page.locator('.log', { hasText: 'archive_1.' }).waitFor()
      expect(await page.locator('.log', { hasText: 'read_file_12' }).count()).toBe(0)
      await page.getByRole('button', { name: 'Newest' }).click()
      await page.locator('.log', { hasText: 'read_file_12' }).waitFor()
    })
  })

  it('has what people did about alerts', async () => {
    await on('/audit', ({ page }) => page.locator('.log', { hasText: 'acknowledged' }).first().waitFor())
  })

  it('is verified with a click; a changed record shows', async () => {
    const verify = (said: RegExp) =>
      on('/audit', async ({ page }) => {
        await page.getByRole('button', { name: 'Verify the chain' }).click()
        await page.locator('.now-verdict', { hasText: said }).waitFor()
      })
    await verify(/Unaltered: \d+ records read/)
    const db = new DatabaseSync(file('log.db'))
    db.exec("UPDATE entries SET agent = 'somebody else' WHERE sequence = 3")
    db.close()
    await verify(/The record was altered: 1 finding/)
  })

  it('says how to get one where there is none', async () => {
    const bare = await openBench()
    const watched = await bare.open('/audit')
    expect(await textOf(watched, 'main')).toContain('auditLogProcessor({ file })')
    await bare.close()
  })
})
