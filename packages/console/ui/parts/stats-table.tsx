/** A table of names with the figures of their operations. */
import type { ComponentChildren } from 'preact'
import type { OperationStats } from '../../src/api/contract.ts'
import { count, exact } from '../format/quantity.ts'
import { Cost, ErrorShare, Tokens, Took } from './figures.tsx'

interface StatsTableProps {
  readonly rows: readonly ({ readonly name: string } & OperationStats)[]
  readonly head: string
  readonly label: (name: string) => ComponentChildren
  /** Columns for model calls. */
  readonly money?: boolean
  readonly empty: string
}

/** The bar behind the count shows its share of the largest. */
export function StatsTable({ rows, head, label, money = true, empty }: StatsTableProps) {
  if (rows.length === 0) return <p class="note">{empty}</p>
  const most = Math.max(...rows.map((row) => row.count), 1)
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={`${head} figures`}>
      <table class="stats">
        <thead>
          <tr>
            <th>{head}</th>
            <th class="right">Calls</th>
            <th class="right">Failed</th>
            <th class="right">p50</th>
            <th class="right">p95</th>
            {money && <th class="right">Tokens</th>}
            {money && <th class="right">Cost</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <th scope="row">{label(row.name)}</th>
              <td class="right num" title={exact(row.count)}>
                <meter class="share" min={0} max={most} value={row.count} aria-hidden="true" />
                {count(row.count)}
              </td>
              <td class="right">
                <ErrorShare errors={row.errors} of={row.count} />
              </td>
              <td class="right">
                <Took ms={row.p50} />
              </td>
              <td class="right">
                <Took ms={row.p95} />
              </td>
              {money && (
                <td class="right">
                  <Tokens input={row.inputTokens} output={row.outputTokens} />
                </td>
              )}
              {money && (
                <td class="right">
                  <Cost amount={row.cost} unpriced={row.unpriced} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
