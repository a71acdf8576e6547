import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GeneratedSpan, Labels } from './corpus.ts'
import { generateOffice } from './office-generator.ts'
import { loadAlarmScorer, sharedFolder } from './shared-data.ts'
import { watchers } from './watchers.ts'

export interface FaultScore {
  detector: string
  f1: number
  recall: number
  precision: number
  falseAlarmsPerAgentDay: number
  medianDelayMinutes: number | null
  /** Of each kind of fault: found, there were. */
  byKind: Record<string, [number, number]>
  microsecondsPerSpan: number
}

const shared = join(sharedFolder, 'anomaly')

/** Spans and labels of the published generator, for one seed. */
function publishedCorpus(seed: number): { spans: GeneratedSpan[]; labels: Labels } {
  const folder = mkdtempSync(join(tmpdir(), 'agentel-faults-'))
  try {
    const config = { ...JSON.parse(readFileSync(join(shared, 'faults.json'), 'utf8')), seed }
    writeFileSync(join(folder, 'faults.json'), JSON.stringify(config))
    execFileSync(process.execPath, [join(shared, 'generate.ts'), join(folder, 'faults.json'), folder])
    const lines = readFileSync(join(folder, 'spans.jsonl'), 'utf8').trim().split('\n')
    return {
      spans: lines.map((line) => JSON.parse(line)),
      labels: JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8')),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const corpora = { published: publishedCorpus, office: generateOffice }

/** Every detector on the same seeds: means, and sums by kind of fault. */
export async function scoreFaults(
  corpus: (seed: number) => { spans: GeneratedSpan[]; labels: Labels },
  seeds: number[],
): Promise<FaultScore[]> {
  const scoreAlarms = await loadAlarmScorer()
  const rows = new Map<string, FaultScore[]>()
  for (const seed of seeds) {
    const { spans, labels } = corpus(seed)
    for (const [name, create] of Object.entries(watchers)) {
      const watcher = create()
      const started = process.cpuUsage()
      for (const span of spans) watcher.observe(span)
      const used = process.cpuUsage(started)
      const score = scoreAlarms(labels, watcher.alarms)
      const row: FaultScore = {
        detector: name,
        f1: score.f1,
        recall: score.recall,
        precision: score.precision,
        falseAlarmsPerAgentDay: score.false_alarms_per_agent_day,
        medianDelayMinutes: score.median_delay_min,
        byKind: score.byKind,
        microsecondsPerSpan: (used.user + used.system) / spans.length,
      }
      rows.set(name, [...(rows.get(name) ?? []), row])
    }
    process.stderr.write('.')
  }
  process.stderr.write('\n')
  return [...rows].map(([detector, of]) => summarise(detector, of))
}

function summarise(detector: string, rows: FaultScore[]): FaultScore {
  const mean = (pick: (row: FaultScore) => number) => rows.reduce((sum, row) => sum + pick(row), 0) / rows.length
  const byKind: FaultScore['byKind'] = {}
  for (const row of rows)
    for (const [kind, [found, all]] of Object.entries(row.byKind)) {
      const sum = (byKind[kind] ??= [0, 0])
      sum[0] += found
      sum[1] += all
    }
  return {
    detector,
    f1: round(mean((row) => row.f1)),
    recall: round(mean((row) => row.recall)),
    precision: round(mean((row) => row.precision)),
    falseAlarmsPerAgentDay: round(mean((row) => row.falseAlarmsPerAgentDay)),
    medianDelayMinutes: round(mean((row) => row.medianDelayMinutes ?? Number.NaN)),
    byKind,
    microsecondsPerSpan: round(mean((row) => row.microsecondsPerSpan)),
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
