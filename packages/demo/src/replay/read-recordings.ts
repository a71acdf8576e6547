import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readTauBench, type TauBenchRun } from './read-tau-bench.ts'
import { readWhoAndWhen, type WhoAndWhenFile } from './read-who-and-when.ts'
import type { Recording } from './recording.ts'

/**
 * Reads all recordings at a path: a JSON file, or a folder of them, in the format of Who&When or of tau-bench.
 *
 * @throws Error when the path does not exist, holds no JSON file, or a file has neither format.
 */
export function readRecordings(path: string): Recording[] {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) throw new Error(`${path} does not exist. Give a JSON file of recorded conversations, or a folder of them.`)
  const files = stat.isDirectory() ? jsonFilesIn(path) : [path]
  if (files.length === 0) throw new Error(`${path} holds no .json file.`)
  return files.flatMap(readFile)
}

function jsonFilesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => name.endsWith('.json'))
    .toSorted((left, right) => left.localeCompare(right, 'en', { numeric: true }))
    .map((name) => join(folder, name))
}

function readFile(file: string): Recording[] {
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const list = Array.isArray(content) ? content : [content]
  return list.map((item: unknown) => {
    if (isObject(item) && 'history' in item) return readWhoAndWhen(item as unknown as WhoAndWhenFile)
    if (isObject(item) && 'traj' in item) return readTauBench(item as unknown as TauBenchRun)
    throw new Error(`${file} is in no known format: a conversation has "history" (Who&When) or "traj" (tau-bench).`)
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
