/** One metric, or one of its series, as a figure with its course. */
import type { MetricSeriesList } from '../../src/api/contract.ts'
import { href } from '../app/router.ts'
import { Sparkline } from './sparkline.tsx'

/** A number per series: its newest value. */
export function newest(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null
}

interface MetricCardProps {
  readonly name: string
  /** What stands under the figure. */
  readonly sub?: string
  readonly metric: string
  readonly series: MetricSeriesList['series'][number]
  readonly format: (value: number) => string
  /** A counter: what it gained in all is told, not what it gained last. */
  readonly counts?: boolean
}

/** Leads to the metric's page. */
export function MetricCard({ name, sub, metric, series, format, counts = false }: MetricCardProps) {
  const figure = counts ? series.value.reduce<number>((sum, value) => sum + (value ?? 0), 0) : newest(series.value)
  return (
    <a class="tile" href={href('/metrics', { name: metric })} title={metric}>
      <span class="tile-name clip">{name}</span>
      <span class="tile-value num">{figure === null ? '-' : format(figure)}</span>
      <span class="tile-sub faint num">{sub}</span>
      <Sparkline values={series.value} />
    </a>
  )
}
