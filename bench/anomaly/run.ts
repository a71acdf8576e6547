/**
 * Anomaly detectors side by side: `pnpm bench:anomaly [--seeds 11,12,13,14,15] [--splits 20]`.
 * Faults of agents by two generators of different design, and half of the Numenta Anomaly Benchmark.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { corpora, scoreFaults, type FaultScore } from './faults.ts'
import { measureCost } from './cost.ts'
import { scoreNab, type NabScore } from './nab.ts'

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '11,12,13,14,15' }, splits: { type: 'string', default: '20' } },
})
const seeds = values.seeds.split(',').map(Number)

function faultTable(rows: FaultScore[]): string {
  const kinds = Object.keys(rows[0]!.byKind).toSorted()
  const head =
    '| detector | F1 | recall | precision | false alarms per agent-day | median delay, min | CPU us a span |\n|---|---|---|---|---|---|---|\n'
  const body = rows.map(
    (r) =>
      `| ${r.detector} | ${r.f1} | ${r.recall} | ${r.precision} | ${r.falseAlarmsPerAgentDay} | ${r.medianDelayMinutes} | ${r.microsecondsPerSpan} |`,
  )
  const ours = rows[0]!
  const byKind = kinds.map((kind) => `| ${kind} | ${ours.byKind[kind]!.join(' of ')} |`)
  return `${head}${body.join('\n')}\n\n| kind of fault | found by ${ours.detector} |\n|---|---|\n${byKind.join('\n')}\n`
}

function nabTable(rows: NabScore[]): string {
  const cell = (r: NabScore, p: keyof NabScore['mean']) => `${r.mean[p]} ± ${r.deviation[p]}`
  const body = rows.map(
    (r) =>
      `| ${r.detector} | ${cell(r, 'standard')} | ${cell(r, 'low_FP')} | ${cell(r, 'low_FN')} | ${r.microsecondsPerValue} |`,
  )
  return `| detector | standard | low FP | low FN | CPU us a value |\n|---|---|---|---|---|\n${body.join('\n')}\n`
}

const published = await scoreFaults(corpora.published, seeds)
const office = await scoreFaults(corpora.office, seeds)
const cost = measureCost()
const nab = await scoreNab(Number(values.splits))
const command = `pnpm bench:anomaly --seeds ${values.seeds} --splits ${values.splits}`
const text = `# Anomaly detectors side by side
Made by \`${command}\`, Node ${process.version}.

## Agent faults, published generator, mean of ${seeds.length} seeds
${faultTable(published)}
## Agent faults, office generator, mean of ${seeds.length} seeds
${faultTable(office)}
## Numenta Anomaly Benchmark, half of it
Mean ± deviation of ${Number(values.splits)} random half-splits, each both ways: thresholds from one half, scored on the other. ARTime, the best published, gets 72.6 / 61.8 / 78.1 by this measure.

${nabTable(nab)}
## Cost
One span, all detectors on: ${cost.medianSpanUs} us (median), ${cost.p999SpanUs} us (99.9th percentile). State: ${cost.stateBytesPerSeries} bytes a watched series, ${cost.stateBytesPerNoveltySeries} bytes a novelty detector. Longest update of an isolation forest that is retrained: ${cost.longestForestUpdateMs} ms.
`
const results = join(import.meta.dirname, '../results')
mkdirSync(results, { recursive: true })
writeFileSync(
  join(results, 'anomaly.json'),
  `${JSON.stringify({ command, node: process.version, seeds, published, office, nab, cost }, null, 2)}\n`,
)
writeFileSync(join(results, 'anomaly.md'), text)
console.log(text)
