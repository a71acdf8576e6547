/**
 * What observing a call of Anthropic's client costs, beside the instrumentations that support it (0.132, the last line
 * without spans of its own): `node --conditions=@agentel/source bench/overhead/anthropic.ts [rounds] [calls]`.
 *
 * Every figure is what a variant adds to the bare client in the same round; all export through the same pipeline.
 * Writes bench/results/overhead-anthropic.json.
 */
import { writeFileSync } from 'node:fs'
import { installOverheadMatrix } from './matrix.ts'
import { measure, median, round1, round2, shuffle } from './measure-variant.ts'

const rounds = Number(process.argv[2] ?? 5)
const calls = Number(process.argv[3] ?? 4000)
const OURS = 'anthropic-agentel'
// OpenLLMetry 0.27 throws when it is given a client without `Completions`, which went before 0.132.
const PEERS = ['anthropic-openinference']
const folder = installOverheadMatrix('anthropic0')
const results: object[] = []

for (const operation of ['messages', 'message stream']) {
  const count = operation === 'messages' ? calls : Math.ceil(calls / 2)
  const added = new Map<string, { p50: number[]; cpu: number[]; spans: number; attributes: number }>()
  const ratios: number[] = []
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`anthropic ${operation} round ${round + 1}/${rounds}\n`)
    const variants = shuffle(['bare', OURS, ...PEERS])
    const row = new Map(variants.map((variant) => [variant, measure(folder, variant, operation, count)]))
    const bare = row.get('bare')!
    for (const [variant, { p50Us, cpuUs, spansPerCall, attributesPerSpan }] of row) {
      const into = added.get(variant) ?? { p50: [], cpu: [], spans: spansPerCall, attributes: attributesPerSpan }
      into.p50.push(p50Us - bare.p50Us)
      into.cpu.push(cpuUs - bare.cpuUs)
      added.set(variant, into)
    }
    const best = Math.min(...PEERS.map((peer) => row.get(peer)!.p50Us - bare.p50Us))
    ratios.push((row.get(OURS)!.p50Us - bare.p50Us) / best)
  }
  for (const [variant, { p50, cpu, spans, attributes }] of added) {
    results.push({
      operation,
      variant,
      addedP50Us: round1(median(p50)),
      addedCpuUs: round1(median(cpu)),
      spansPerCall: round2(spans),
      attributesPerSpan: round1(attributes),
      ...(variant === OURS ? { timesBestPeer: round2(median(ratios)) } : undefined),
    })
  }
}

console.table(results)
const command = `node --conditions=@agentel/source bench/overhead/anthropic.ts ${rounds} ${calls}`
writeFileSync(
  new URL('../results/overhead-anthropic.json', import.meta.url),
  `${JSON.stringify({ command, node: process.version, date: new Date().toISOString(), rounds, results }, null, 2)}\n`,
)
