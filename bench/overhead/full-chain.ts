/**
 * What the chain that production runs adds to a call, beside OpenTelemetry alone (a span and two metrics, written by
 * hand), in the same run: `node --conditions=@agentel/source bench/overhead/full-chain.ts [rounds] [calls]`.
 *
 * The chain is reconcile, cost, two budgets, metrics, redaction and tail sampling that keeps all, content off, in the
 * set-up that `startAgentel()` makes. Once the budgets tell (the default), once one of them may stop a call: the next
 * call then waits until the cost of the one before is known.
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { installOverheadMatrix } from './matrix.ts'
import { measure, type Measurement, median, round1, round2, shuffle } from './measure-variant.ts'

const rounds = Number(process.argv[2] ?? 5)
const calls = Number(process.argv[3] ?? 4000)
const chains = ['agentel-chain', 'agentel-chain-stopping']
const folder = installOverheadMatrix('openai7')

interface Added {
  p50: number
  cpu: number
}

const added = (of: Map<string, Measurement>, variant: string): Added => ({
  p50: of.get(variant)!.p50Us - of.get('bare')!.p50Us,
  cpu: of.get(variant)!.cpuUs - of.get('bare')!.cpuUs,
})

const results = ['chat', 'stream', 'responses'].flatMap((operation) => {
  const measured = Array.from({ length: rounds }, (_, round) => {
    process.stderr.write(`${operation} round ${round + 1}/${rounds}\n`)
    const variants = shuffle(['bare', 'floor', ...chains])
    return new Map(variants.map((variant) => [variant, measure(folder, variant, operation, calls)]))
  })
  return chains.map((chain) => {
    const floors = measured.map((of) => added(of, 'floor'))
    const ours = measured.map((of) => added(of, chain))
    const middle = (of: Added[], what: keyof Added) => round1(median(of.map((one) => one[what])))
    const times = (what: keyof Added) => round2(median(ours.map((one, round) => one[what] / floors[round]![what])))
    return {
      operation,
      chain,
      floorAddsP50Us: middle(floors, 'p50'),
      chainAddsP50Us: middle(ours, 'p50'),
      timesFloorP50: times('p50'),
      floorAddsCpuUs: middle(floors, 'cpu'),
      chainAddsCpuUs: middle(ours, 'cpu'),
      timesFloorCpu: times('cpu'),
    }
  })
})
console.table(results)
const result = {
  command: `node --conditions=@agentel/source bench/overhead/full-chain.ts ${rounds} ${calls}`,
  what: 'median of the rounds; what a variant adds to the bare client, and that divided by what the floor adds in the same round',
  results,
  machine: `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown'}, a shared machine`,
}
writeFileSync(new URL('../results/full-chain.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
