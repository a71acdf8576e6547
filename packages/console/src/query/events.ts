import type { EventList } from '../api/contract.ts'
import { WORK_DIMS } from '../store/codes.ts'
import { rangeOf } from './parameters.ts'
import type { Reader } from './reader.ts'
import { byName, lastOf, shareOf, timesOf, type WorkRow, workRows } from './work-rows.ts'

function figuresOf(rows: readonly WorkRow[]) {
  const handlings = rows.filter(({ handled }) => handled)
  const count = (handled: boolean, stage: WorkRow['stage']): number =>
    rows.filter((row) => row.handled === handled && row.stage === stage).length
  const [published, unpublished] = [count(false, 'published'), count(false, 'error')]
  const [completed, errors] = [count(true, 'completed'), count(true, 'error')]
  const received = handlings.length
  return {
    published,
    unpublished,
    received,
    completed,
    errors,
    count: published + unpublished > 0 ? published + unpublished : received,
    success: shareOf(completed, completed + errors),
    handling: timesOf(handlings.filter(({ stage }) => stage !== 'received').map(({ duration }) => duration)),
    latency: timesOf(
      handlings.flatMap(({ published: since, stage, start, duration }) =>
        since === null || stage === 'received' ? [] : [Math.max(0, start + duration - since)],
      ),
    ),
  }
}

/** `GET /api/events`: what became of the events of a window, by type. */
export function listEvents(reader: Reader, query: URLSearchParams): EventList {
  const range = rangeOf(query)
  const { rows, exact } = workRows(reader, WORK_DIMS.event, range, query.get('service'))
  const seconds = Math.max(1, range.to - range.from) / 1000
  const types = [...byName(rows)].map(([type, of]) => ({
    type: reader.text(type),
    ...figuresOf(of),
    ...lastOf(reader, of),
  }))
  const all = types.reduce((sum, { count }) => sum + count, 0)
  return {
    range,
    rows: types
      .map((one) => ({ ...one, share: one.count / all, throughput: one.count / seconds }))
      .toSorted((a, b) => b.count - a.count || a.type.localeCompare(b.type)),
    exact,
  }
}
