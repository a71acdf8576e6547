/** A histogram with bounds that need not be even. */
import { count, plural } from '../../format/quantity.ts'

interface DistributionProps {
  readonly buckets: readonly { readonly upTo: number | null; readonly count: number }[]
  readonly format: (value: number) => string
  readonly label: string
}

/** Empty buckets at both ends are left out. */
export function Distribution({ buckets, format, label }: DistributionProps) {
  const first = buckets.findIndex((bucket) => bucket.count > 0)
  const last = buckets.findLastIndex((bucket) => bucket.count > 0)
  if (first < 0) return <p class="note">Nothing to show.</p>
  const shown = buckets.slice(first, last + 1)
  const most = Math.max(...shown.map((bucket) => bucket.count))
  return (
    <ol class="distribution" aria-label={label}>
      {shown.map((bucket, i) => {
        const from = i === 0 ? buckets[first - 1]?.upTo : shown[i - 1]!.upTo
        const name = bucket.upTo === null ? `over ${format(from ?? 0)}` : `to ${format(bucket.upTo)}`
        return (
          <li
            title={`${from !== null && from !== undefined ? `${format(from)} ` : ''}${name}: ${plural(bucket.count, 'run')}`}
          >
            <span class="num faint">{name}</span>
            <meter class="share" min={0} max={most} value={bucket.count} aria-hidden="true" />
            <span class="num right">{count(bucket.count)}</span>
          </li>
        )
      })}
    </ol>
  )
}
