import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('../packages/demo/src/main.ts', import.meta.url))

/** What the demo reports when the fault begins after sixty questions. */
function anomaliesWith(fault: string): string[] {
  const args = [
    '--conditions=@agentel/source',
    MAIN,
    '--once',
    '--local',
    '--port',
    '0',
    '--pace',
    '0.02',
    '--questions',
    '90',
  ]
  const run = spawnSync(process.execPath, [...args, '--fault', `${fault}:60`], { encoding: 'utf8' })
  expect(run.status, run.stderr).toBe(0)
  const text = stripVTControlCharacters(run.stdout)
  return [...text.matchAll(/^anomaly at question \d+: (.*)$/gm)].map(([, explanation]) => explanation!)
}

it.each([
  ['tool-outage', /^researcher: .* of the newest calls of tool fetch_page fail/],
  ['token-blowup', /^critic: prompts have grown to [\d.]+ times their usual length/],
  ['silent-agent', /^planner: it had no part in .* it has gone quiet/],
])('reports %s in the demo, through exporter and console, and the ledger still agrees', (fault, expected) => {
  expect(anomaliesWith(fault)).toContainEqual(expect.stringMatching(expected))
})
