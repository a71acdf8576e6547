/** Measures ours beside the peers that support a client, and writes down what each adds to the bare client. */
import { writeFileSync } from 'node:fs'
import { installOverheadMatrix, type MatrixName } from './matrix.ts'
import { measure, median, round1, round2, shuffle } from './measure-variant.ts'

/** What is measured against what. */
export interface BesidePeers {
  readonly matrix: MatrixName
  /** Of the file of results: `overhead-{name}.json`. */
  readonly name: string
  /** Names of files in variants/. */
  readonly ours: string
  readonly peers: readonly string[]
  /** How many calls of each kind are measured in a round. */
  readonly operations: Readonly<Record<string, number>>
  readonly rounds: number
  /** The command that does this. */
  readonly command: string
}

/**
 * Every figure is the median over the rounds of what a variant adds to the bare client in the same round, each in a fresh
 * process; all export through the same pipeline.
 */
export function measureBesidePeers({ matrix, name, ours, peers, operations, rounds, command }: BesidePeers): void {
  const folder = installOverheadMatrix(matrix)
  const results: object[] = []
  for (const [operation, count] of Object.entries(operations)) {
    const added = new Map<string, { p50: number[]; cpu: number[]; spans: number; attributes: number }>()
    const ratios: { p50: number[]; cpu: number[] } = { p50: [], cpu: [] }
    for (let round = 0; round < rounds; round++) {
      process.stderr.write(`${name} ${operation} round ${round + 1}/${rounds}\n`)
      const variants = shuffle(['bare', ours, ...peers])
      const row = new Map(variants.map((variant) => [variant, measure(folder, variant, operation, count)]))
      const bare = row.get('bare')!
      for (const [variant, { p50Us, cpuUs, spansPerCall, attributesPerSpan }] of row) {
        const into = added.get(variant) ?? { p50: [], cpu: [], spans: spansPerCall, attributes: attributesPerSpan }
        into.p50.push(p50Us - bare.p50Us)
        into.cpu.push(cpuUs - bare.cpuUs)
        added.set(variant, into)
      }
      for (const [key, figure] of [['p50', 'p50Us'] as const, ['cpu', 'cpuUs'] as const]) {
        const best = Math.min(...peers.map((peer) => row.get(peer)![figure] - bare[figure]))
        ratios[key].push((row.get(ours)![figure] - bare[figure]) / best)
      }
    }
    for (const [variant, { p50, cpu, spans, attributes }] of added) {
      const times = { timesBestPeer: round2(median(ratios.p50)), timesBestPeerCpu: round2(median(ratios.cpu)) }
      results.push({
        operation,
        variant,
        addedP50Us: round1(median(p50)),
        addedCpuUs: round1(median(cpu)),
        spansPerCall: round2(spans),
        attributesPerSpan: round1(attributes),
        ...(variant === ours ? times : undefined),
      })
    }
  }
  console.table(results)
  writeFileSync(
    new URL(`../results/overhead-${name}.json`, import.meta.url),
    `${JSON.stringify({ command, node: process.version, date: new Date().toISOString(), rounds, results }, null, 2)}\n`,
  )
}
