/**
 * What the chain that production runs adds to a call, beside OpenTelemetry alone (a span and two metrics, written by
 * hand), in the same run: `node --conditions=@agentel/source bench/overhead/full-chain.ts [rounds] [calls]`.
 *
 * The chain is reconcile, cost, two budgets, metrics, redaction and tail sampling that keeps all, content off.
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { installOverheadMatrix } from './matrix.ts'
import { measure, median, round1, round2, shuffle } from './measure-variant.ts'

const rounds = Number(process.argv[2] ?? 5)
const calls = Number(process.argv[3] ?? 4000)
const variants = ['bare', 'floor', 'agentel-chain']
const folder = installOverheadMatrix('openai7')

const results = ['chat', 'stream', 'responses'].map((operation) => {
  const added: Record<'floorP50' | 'chainP50' | 'floorCpu' | 'chainCpu' | 'p50Ratio' | 'cpuRatio', number[]> = {
    floorP50: [],
    chainP50: [],
    floorCpu: [],
    chainCpu: [],
    p50Ratio: [],
    cpuRatio: [],
  }
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`${operation} round ${round + 1}/${rounds}\n`)
    const of = new Map(shuffle(variants).map((variant) => [variant, measure(folder, variant, operation, calls)]))
    const [bare, floor, chain] = variants.map((variant) => of.get(variant)!)
    added.floorP50.push(floor!.p50Us - bare!.p50Us)
    added.chainP50.push(chain!.p50Us - bare!.p50Us)
    added.floorCpu.push(floor!.cpuUs - bare!.cpuUs)
    added.chainCpu.push(chain!.cpuUs - bare!.cpuUs)
    added.p50Ratio.push(added.chainP50.at(-1)! / added.floorP50.at(-1)!)
    added.cpuRatio.push(added.chainCpu.at(-1)! / added.floorCpu.at(-1)!)
  }
  return {
    operation,
    floorAddsP50Us: round1(median(added.floorP50)),
    chainAddsP50Us: round1(median(added.chainP50)),
    timesFloorP50: round2(median(added.p50Ratio)),
    floorAddsCpuUs: round1(median(added.floorCpu)),
    chainAddsCpuUs: round1(median(added.chainCpu)),
    timesFloorCpu: round2(median(added.cpuRatio)),
  }
})
console.table(results)
const result = {
  command: `node --conditions=@agentel/source bench/overhead/full-chain.ts ${rounds} ${calls}`,
  what: 'median of the rounds; what a variant adds to the bare client, and that divided by what the floor adds in the same round',
  results,
  machine: `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown'}, alone on the machine`,
}
writeFileSync(new URL('../results/full-chain.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
