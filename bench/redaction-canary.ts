/**
 * What redaction lets out and what it takes for a secret that is none: 200 seeded secrets of 20 kinds planted in
 * everything that can be recorded and looked for in everything that leaves the process, and the findings in recorded
 * conversations, whose wrong ones were told apart by hand.
 *
 * `npx -y pnpm@12 exec node --conditions=@agentel/source bench/redaction-canary.ts` writes
 * bench/results/redaction-canary.json; half a minute.
 */
import { writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { CANARIES, leaksIn, runCanaries } from '../packages/cli/test/run-canaries.ts'
import { findings, ORDINARY } from '../packages/processors/redaction/test/ordinary-findings.ts'
import { KINDS } from '../packages/processors/redaction/test/secrets.ts'

const outlets = Object.entries(await runCanaries()).map(([outlet, text]) => ({
  outlet,
  bytes: Buffer.byteLength(text),
  replaced: text.split('[REDACTED:').length - 1,
  leaked: new Set(leaksIn(text)).size,
}))
const ordinary = Object.entries(ORDINARY).map(([folder, { byRule, wrong, why }]) => {
  const found = findings(folder)
  if (!isDeepStrictEqual(found.byRule, byRule))
    throw new Error(`${folder} has other findings than those that were looked at: ${JSON.stringify(found.byRule)}`)
  const all = Object.values(byRule).reduce((sum, count) => sum + count, 0)
  return { corpus: folder, ...found, findings: all, wrong, why }
})
const characters = ordinary.reduce((sum, one) => sum + one.characters, 0)
const wrong = ordinary.reduce((sum, one) => sum + one.wrong, 0)
const result = {
  command: 'npx -y pnpm@12 exec node --conditions=@agentel/source bench/redaction-canary.ts',
  date: new Date().toISOString().slice(0, 10),
  secrets: new Set(CANARIES).size,
  kinds: Object.keys(KINDS).length,
  leaked: outlets.reduce((sum, { leaked }) => sum + leaked, 0),
  outlets,
  ordinaryText: {
    characters,
    wrong,
    wrongInAMillionCharacters: Number(((wrong / characters) * 1e6).toFixed(2)),
    ordinary,
  },
}
writeFileSync(new URL('results/redaction-canary.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
console.log(JSON.stringify(result, null, 2))
if (result.leaked > 0) process.exitCode = 1
