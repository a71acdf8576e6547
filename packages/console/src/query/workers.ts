import type { WorkerFigures, WorkerList } from '../api/contract.ts'
import { WORK_DIMS } from '../store/codes.ts'
import { numberOf, rangeOf } from './parameters.ts'
import type { Reader } from './reader.ts'
import { byName, lastOf, shareOf, timesOf, type WorkRow, workRows } from './work-rows.ts'

/** Milliseconds; what other frameworks call slow as well. */
const SLOW = 5000

function figuresOf(rows: readonly WorkRow[], slowerThan: number): WorkerFigures {
  const errors = rows.filter(({ stage }) => stage === 'error').length
  return {
    executions: rows.length,
    errors,
    success: shareOf(rows.length - errors, rows.length),
    times: timesOf(rows.map(({ duration }) => duration)),
    slow: rows.filter(({ duration }) => duration > slowerThan * 1000).length,
  }
}

/** `GET /api/workers`: executions of a window by worker, and of all workers together. */
export function listWorkers(reader: Reader, query: URLSearchParams): WorkerList {
  const range = rangeOf(query)
  const slowerThan = numberOf(query, 'slowerThan') ?? SLOW
  const { rows, exact } = workRows(reader, WORK_DIMS.worker, range, query.get('service'))
  const workers = [...byName(rows)].map(([name, of]) => ({
    name: reader.text(name),
    ...figuresOf(of, slowerThan),
    ...lastOf(reader, of),
  }))
  return {
    range,
    slowerThan,
    summary: { workers: workers.length, ...figuresOf(rows, slowerThan) },
    rows: workers.toSorted((a, b) => b.executions - a.executions || a.name.localeCompare(b.name)),
    exact,
  }
}
