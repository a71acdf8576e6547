/**
 * Cost of looking for secrets: us per KB of ordinary text, of digit-heavy text, and of texts made to be slow.
 * Run: node --conditions=@agentel/source bench/redaction.ts [folder of recorded conversations]
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { createRedactor } from '../packages/processors/redaction/src/index.ts'

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return filesIn(path)
    return /\.jsonl?$/.test(name) ? [path] : []
  })
}

function stringsOf(value: unknown, into: string[]): void {
  if (typeof value === 'string') {
    if (value.length > 200) into.push(value)
  } else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) stringsOf(item, into)
}

function conversations(folder: string): string[] {
  const texts: string[] = []
  for (const file of filesIn(folder)) {
    const lines = file.endsWith('l')
      ? readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
      : [readFileSync(file, 'utf8')]
    for (const line of lines) stringsOf(JSON.parse(line), texts)
  }
  return texts
}

/** A linear congruential generator: the same texts on every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => (state = (state * 1103515245 + 12345) % 2147483648) % below
}

function orders(): string[] {
  const random = randomFrom(5)
  const line = () =>
    `2026-11-${10 + random(20)}T${10 + random(14)}:${10 + random(50)}:${10 + random(50)}.${100 + random(900)}Z order=${100000 + random(900000)} qty=${random(20)} price=${random(900)}.${10 + random(90)} sku=${1000 + random(9000)}-${100 + random(900)} ms=${random(5000)}`
  return Array.from({ length: 100 }, () => Array.from({ length: 40 }, line).join('\n'))
}

function jsonRows(): string[] {
  const random = randomFrom(9)
  const row = () => ({
    id: random(1e9),
    at: 1763700000000 + random(1e9),
    amount: random(1e6) / 100,
    lat: random(1e6) / 1e4,
    tags: [random(10), random(10)],
    name: 'item',
  })
  return Array.from({ length: 100 }, () => JSON.stringify(Array.from({ length: 60 }, row)))
}

function measure(texts: readonly string[]): number {
  const redactor = createRedactor()
  const kilobytes = texts.reduce((sum, text) => sum + text.length, 0) / 1024
  const times: number[] = []
  for (let round = 0; round < 100; round++) {
    const tally = { count: 0, rules: new Set<string>() }
    const before = performance.now()
    for (const text of texts) redactor.text(text, tally)
    times.push(((performance.now() - before) * 1000) / kilobytes)
  }
  return Number((times.toSorted((a, b) => a - b)[2] ?? 0).toFixed(2))
}

/** A bare loop over the characters of the same texts: what the machine gives at the moment. */
function yardstick(texts: readonly string[]): number {
  const kilobytes = texts.reduce((sum, text) => sum + text.length, 0) / 1024
  const times: number[] = []
  let digits = 0
  for (let round = 0; round < 100; round++) {
    const before = performance.now()
    for (const text of texts) {
      for (let index = 0; index < text.length; index++) {
        const code = text.charCodeAt(index)
        if (code >= 48 && code <= 57) digits++
      }
    }
    times.push(((performance.now() - before) * 1000) / kilobytes)
  }
  if (digits === 0) throw new Error('the texts of the yardstick have no digits')
  return Number((times.toSorted((a, b) => a - b)[2] ?? 0).toFixed(2))
}

const folder = process.argv[2] ?? new URL('../../shared/data', import.meta.url).pathname
const result = {
  command: 'node --conditions=@agentel/source bench/redaction.ts',
  unit: 'us per KB, third best of 100 rounds (the machine is shared)',
  'conversations (who-and-when)': measure(conversations(join(folder, 'who-and-when'))),
  'conversations (tau-bench)': measure(conversations(join(folder, 'tau-bench'))),
  'order lines': measure(orders()),
  'JSON rows of numbers': measure(jsonRows()),
  'yardstick: a bare loop over order lines': yardstick(orders()),
  'worst: single digits': measure(['1 '.repeat(50_000)]),
  'worst: zero groups': measure(['01 02 03 04 05 06 07 '.repeat(5000)]),
  'worst: at signs': measure(['a@a.'.repeat(25_000)]),
  'worst: secret names': measure(['password: '.repeat(10_000)]),
  'worst: key beginnings': measure(['sk-a ghp_a eyJa AKIA '.repeat(5000)]),
  'worst: quotes and backslashes': measure([`"password":"${'\\\\"'.repeat(30_000)}`]),
  machine: `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown'}, load of others not excluded`,
}
console.log(result)
writeFileSync(new URL('results/redaction.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
