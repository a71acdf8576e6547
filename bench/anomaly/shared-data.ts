import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Alarm, Labels } from './corpus.ts'

/** The folder with generator, scorers and labelled series; it lies beside the checkout. */
export const sharedFolder = join(import.meta.dirname, '../../../shared')

/** What the published scorer says of a list of alarms. */
export interface AlarmScore {
  f1: number
  recall: number
  precision: number
  false_alarms_per_agent_day: number
  median_delay_min: number | null
  byKind: Record<string, [number, number]>
}

export interface NabScorer {
  loadCorpus(root: string): NabSeries[]
  score(files: NabSeries[], scores: Float64Array[], thresholds?: object): Record<string, { norm: number }>
  thrOf(result: object): object
}

/** One labelled series; `fi` is its index, `ts` in seconds. */
export interface NabSeries {
  fi: number
  n: number
  ts: number[]
  v: Float64Array
  min: number
  max: number
}

async function load(file: string): Promise<unknown> {
  const path = join(sharedFolder, 'anomaly', file)
  if (!existsSync(path))
    throw new Error(`${path} is not there: this benchmark needs the labelled data beside the checkout`)
  return await import(pathToFileURL(path).href)
}

export async function loadAlarmScorer(): Promise<(labels: Labels, alarms: Alarm[]) => AlarmScore> {
  return ((await load('score.ts')) as { scoreAlarms: (labels: Labels, alarms: Alarm[]) => AlarmScore }).scoreAlarms
}

export async function loadNabScorer(): Promise<NabScorer> {
  return (await load('nab-score.mjs')) as NabScorer
}
