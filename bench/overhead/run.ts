/**
 * What observing a call costs: `pnpm bench:overhead [--rounds 5] [--calls 4000]`. With `--client openai7` only that
 * client is measured, and its rows of the results replaced. With `--operations chat,stream` or
 * `--variants agentel,langfuse` only those are measured, and nothing is written down.
 *
 * Every figure is what a variant adds to the bare client, in a fresh process, all variants of a round interleaved,
 * and divided by what the hand-written floor adds in the same round. All export through the same pipeline.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { installOverheadMatrix } from './matrix.ts'
import { measure, type Measurement, median, round1, round2, shuffle } from './measure-variant.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    calls: { type: 'string', default: '4000' },
    client: { type: 'string' },
    operations: { type: 'string', default: 'chat,stream,responses' },
    variants: { type: 'string' },
  },
})
const operations = values.operations.split(',')
const only = values.variants?.split(',')
const isWhole = only === undefined && operations.length === 3
const rounds = Number(values.rounds)
const here = import.meta.dirname

const plans: { matrix: 'openai7' | 'openai6'; variants: string[] }[] = [
  { matrix: 'openai7', variants: ['bare', 'floor', 'agentel', 'agentel-full', 'openinference', 'langfuse', 'openlit'] },
  { matrix: 'openai6', variants: ['bare', 'floor', 'agentel', 'opentelemetry', 'openllmetry'] },
]

/** A variant of an operation of a client, and what was measured of it. */
interface Row {
  client: string
  [figure: string]: string | number | null
}

const results: Row[] = []
for (const { matrix, variants: all } of plans) {
  if (values.client !== undefined && values.client !== matrix) continue
  const variants = all.filter((name) => name === 'bare' || name === 'floor' || (only?.includes(name) ?? true))
  const folder = installOverheadMatrix(matrix)
  for (const operation of operations) {
    const seen = new Map<
      string,
      { p50: number[]; cpu: number[]; first: number[]; last: Measurement; p50Ratio: number[]; cpuRatio: number[] }
    >()
    for (let round = 0; round < rounds; round++) {
      process.stderr.write(`${matrix} ${operation} round ${round + 1}/${rounds}\n`)
      const calls = operation === 'stream' ? Math.ceil(Number(values.calls) / 2) : Number(values.calls)
      const row = new Map(shuffle(variants).map((variant) => [variant, measure(folder, variant, operation, calls)]))
      const bare = row.get('bare')!
      const floor = row.get('floor')!
      for (const [variant, m] of row) {
        const into = seen.get(variant) ?? { p50: [], cpu: [], first: [], last: m, p50Ratio: [], cpuRatio: [] }
        into.p50.push(m.p50Us - bare.p50Us)
        into.cpu.push(m.cpuUs - bare.cpuUs)
        into.first.push(m.firstChunkUs ?? Number.NaN)
        into.p50Ratio.push((m.p50Us - bare.p50Us) / (floor.p50Us - bare.p50Us))
        into.cpuRatio.push((m.cpuUs - bare.cpuUs) / (floor.cpuUs - bare.cpuUs))
        into.last = m
        seen.set(variant, into)
      }
    }
    for (const variant of variants) {
      const s = seen.get(variant)!
      const bareHeap = seen.get('bare')!.last.heapBytes
      results.push({
        client: matrix,
        operation,
        variant,
        addedP50Us: round1(median(s.p50)),
        timesFloorP50: round2(median(s.p50Ratio)),
        addedCpuUs: round1(median(s.cpu)),
        timesFloorCpu: round2(median(s.cpuRatio)),
        firstChunkUs: Number.isNaN(s.first[0]!) ? null : round1(median(s.first)),
        addedHeapBytes: Math.round(s.last.heapBytes - bareHeap),
        spansPerCall: round2(s.last.spansPerCall),
        attributesPerSpan: round1(s.last.attributesPerSpan),
        metricPoints: s.last.metricPoints,
      })
    }
  }
}

console.table(results)
if (!isWhole) process.exit()
const file = join(here, '../results/overhead.json')
const before = JSON.parse(readFileSync(file, 'utf8'))
const measured = new Set(results.map(({ client }) => client))
const run = {
  command: ['pnpm bench:overhead', ...process.argv.slice(2)].join(' '),
  node: process.version,
  date: new Date().toISOString(),
}
const runs = plans.map(({ matrix }) => [matrix, measured.has(matrix) ? run : before.runs[matrix]] as const)
const rows = plans.flatMap(({ matrix }) => {
  const from: Row[] = measured.has(matrix) ? results : before.results
  return from.filter(({ client }) => client === matrix)
})
const peers = JSON.parse(readFileSync(join(here, 'peers.json'), 'utf8'))
writeFileSync(file, `${JSON.stringify({ runs: Object.fromEntries(runs), peers, results: rows }, null, 2)}\n`)
