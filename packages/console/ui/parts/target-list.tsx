/** Figures against their targets, one line each. */
import type { Overview } from '../../src/api/contract.ts'
import { standingOf, TARGETS, type Target } from '../app/targets.ts'
import { href, type Parameters } from '../app/router.ts'
import { count, money, percent, UNKNOWN } from '../format/quantity.ts'
import { duration } from '../format/time.ts'

interface Line {
  readonly name: string
  readonly value: number | null
  readonly target: Target
  readonly format: (value: number | null) => string
  readonly to: readonly [path: string, parameters: Parameters]
}

const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)

function linesOf({ totals, types }: Overview): readonly Line[] {
  const calls = totals.modelCalls
  const model = types.find(({ type }) => type === 'model')
  const priced = calls - totals.unpriced
  return [
    {
      name: 'Model answers, p95',
      value: model?.p95 ?? null,
      target: TARGETS.responseTime,
      format: duration,
      to: ['/runs', { sort: 'duration' }],
    },
    {
      name: 'Tokens a call',
      value: share(totals.inputTokens + totals.outputTokens, calls),
      target: TARGETS.tokensPerCall,
      format: (value) => count(value === null ? null : Math.round(value)),
      to: ['/runs', { sort: 'tokens' }],
    },
    {
      name: 'Cost a call',
      value: totals.cost === null ? null : share(totals.cost, priced),
      target: TARGETS.costPerCall,
      format: money,
      to: ['/cost', {}],
    },
    {
      name: 'Failed runs',
      value: share(totals.failedTraces, totals.traces),
      target: TARGETS.failedRuns,
      format: percent,
      to: ['/runs', { status: 'error' }],
    },
    {
      name: 'Tools succeed',
      value: share(totals.toolCalls - totals.toolErrors, totals.toolCalls),
      target: TARGETS.toolSuccess,
      format: percent,
      to: ['/agents', {}],
    },
  ]
}

/** Words beside the colour. */
const SAID = { met: 'met', near: 'look', missed: 'missed' }

export function TargetList({ overview }: { overview: Overview }) {
  return (
    <ul class="targets">
      {linesOf(overview).map(({ name, value, target, format, to: [path, parameters] }) => {
        const standing = standingOf(value, target)
        return (
          <li class={standing ?? 'unknown'}>
            <a class="clip" href={href(path, parameters)}>
              {name}
            </a>
            <b class="num">{value === null ? UNKNOWN : format(value)}</b>
            <span class="faint num">
              {'least' in target ? 'at least' : 'at most'} {format(target.warn)}, {format(target.bad)}
            </span>
            <span class="standing">{standing ? SAID[standing] : ''}</span>
          </li>
        )
      })}
    </ul>
  )
}
