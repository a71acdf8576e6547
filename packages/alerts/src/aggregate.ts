import type { AlertRule, LabelFilter } from './rule.ts'
import {
  addDistributions,
  type Distribution,
  distributionIncrease,
  increaseOf,
  quantileOf,
  type Series,
  type TimeSeries,
} from './time-series.ts'

/** What a rule sees of one group. */
export interface GroupValue {
  /** The labels of `groupBy`; those that a series lacks are left out. */
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/**
 * The value of each group at `now`. A group without data has none; of `absence`, the value is 1 when nothing is there.
 * @throws whatever the time series throws.
 */
export function aggregate(rule: AlertRule, series: TimeSeries, now: number): GroupValue[] {
  // A point at the very beginning ends the time before: Prometheus has it so too.
  const from = now - rule.window + 1
  const look = (signal: string, where: LabelFilter | undefined): Series[] =>
    series.samples(signal, from, now).filter(({ labels }) => matches(labels, where))
  const groups = groupsOf(look(rule.signal, rule.where), rule.groupBy)
  if (rule.aggregation === 'absence') return groups.size === 0 ? [{ labels: {}, value: 1 }] : []
  const above = rule.numerator === undefined ? undefined : groupsOf(numeratorOf(rule, look), rule.groupBy)
  return [...groups].flatMap(([key, { labels, members }]) => {
    const value =
      above === undefined
        ? valueOf(rule, members, from)
        : ratio(increase(above.get(key)?.members ?? [], from), increase(members, from))
    return value === undefined || !Number.isFinite(value) ? [] : [{ labels, value }]
  })
}

function numeratorOf(
  { numerator, signal, where }: AlertRule,
  look: (signal: string, where: LabelFilter | undefined) => Series[],
): Series[] {
  const signals = [numerator?.signal ?? signal].flat()
  return signals.flatMap((name) => look(name, { ...where, ...numerator?.labels }))
}

/** Whether labels pass a filter. */
export function matches(labels: Readonly<Record<string, string>>, filter: LabelFilter | undefined): boolean {
  for (const [key, wanted] of Object.entries(filter ?? {})) {
    const value = labels[key] ?? ''
    if (wanted === '*' ? value === '' : ![wanted].flat().includes(value)) return false
  }
  return true
}

interface Group {
  readonly labels: Record<string, string>
  readonly members: Series[]
}

function groupsOf(series: readonly Series[], groupBy: readonly string[]): Map<string, Group> {
  const groups = new Map<string, Group>()
  for (const each of series) {
    const labels = Object.fromEntries(groupBy.flatMap((key) => (each.labels[key] ? [[key, each.labels[key]]] : [])))
    const key = JSON.stringify(labels)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { labels, members: [each] })
    else group.members.push(each)
  }
  return groups
}

function ratio(above: number, below: number): number | undefined {
  return below === 0 ? undefined : above / below
}

/** Of counters what was added, of distributions how many values were. Of gauges the change. */
function increase(members: readonly Series[], from: number): number {
  return sum(
    members.map((series) => {
      if (series.kind === 'counter') return increaseOf(series.points, from, series.start)
      if (series.kind === 'distribution') return distributionIncrease(series.points, from, series.start)?.count ?? 0
      return (series.points.at(-1)?.value ?? 0) - (series.points[0]?.value ?? 0)
    }),
  )
}

function valueOf(rule: AlertRule, members: readonly Series[], from: number): number | undefined {
  switch (rule.aggregation) {
    case 'increase':
      return increase(members, from)
    case 'rate':
      return increase(members, from) / (rule.window / 1000)
    case 'sum':
      return sum(members.map(lastOf))
    case 'average': {
      const all = distributionOf(members, from)
      if (all !== undefined) return ratio(all.sum, all.count)
      const values = pointsOf(members)
      return ratio(sum(values), values.length)
    }
    case 'percentile': {
      const share = (rule.percentile ?? 95) / 100
      const all = distributionOf(members, from)
      return all === undefined ? quantileOfValues(pointsOf(members), share) : quantileOf(all, share)
    }
    default:
      return undefined
  }
}

function distributionOf(members: readonly Series[], from: number): Distribution | undefined {
  return addDistributions(
    members.flatMap((series) => {
      if (series.kind !== 'distribution') return []
      return distributionIncrease(series.points, from, series.start) ?? []
    }),
  )
}

function lastOf(series: Series): number {
  const last = series.points.at(-1)?.value ?? 0
  return typeof last === 'number' ? last : last.sum
}

function pointsOf(members: readonly Series[]): number[] {
  return members.flatMap((series) => (series.kind === 'distribution' ? [] : series.points.map(({ value }) => value)))
}

function quantileOfValues(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((one, other) => one - other)
  const position = share * (sorted.length - 1)
  const low = sorted[Math.floor(position)]
  const high = sorted[Math.ceil(position)]
  return low === undefined || high === undefined ? undefined : low + (high - low) * (position - Math.floor(position))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
