/** A line, or bars, of a few dozen numbers. Gaps stay gaps. */
import { leadingEmpty } from '../format/crop.ts'

const WIDTH = 120
const HEIGHT = 28

interface SparklineProps {
  readonly values: readonly (number | null)[]
  readonly bars?: boolean
  /** Class that sets the colour. */
  readonly tone?: string
}

/** Decorative: the number beside it says what it shows. */
export function Sparkline({ values: all, bars = false, tone = '' }: SparklineProps) {
  const values = all.slice(leadingEmpty([all]))
  const top = Math.max(...values.map((value) => value ?? 0), 0)
  const step = WIDTH / Math.max(1, values.length - (bars ? 0 : 1))
  const y = (value: number) => HEIGHT - 2 - (top === 0 ? 0 : (value / top) * (HEIGHT - 4))
  return (
    <svg class={`sparkline ${tone}`} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {bars
        ? values.map((value, i) =>
            value ? (
              <rect x={i * step + 0.5} y={y(value)} width={Math.max(0.8, step - 1)} height={HEIGHT - 1 - y(value)} />
            ) : null,
          )
        : [<path class="area" d={area(values, step, y)} />, <path class="line" d={line(values, step, y)} />]}
    </svg>
  )
}

function line(values: readonly (number | null)[], step: number, y: (value: number) => number): string {
  let pen = 'M'
  let d = ''
  values.forEach((value, i) => {
    if (value === null) {
      pen = 'M'
      return
    }
    d += `${pen}${(i * step).toFixed(1)} ${y(value).toFixed(1)}`
    pen = 'L'
  })
  return d
}

/** The area under each stretch without a gap. */
function area(values: readonly (number | null)[], step: number, y: (value: number) => number): string {
  let d = ''
  let from = -1
  for (let i = 0; i <= values.length; i++) {
    const value = values[i] ?? null
    if (value !== null) {
      if (from < 0) {
        from = i
        d += `M${(i * step).toFixed(1)} ${HEIGHT}`
      }
      d += `L${(i * step).toFixed(1)} ${y(value).toFixed(1)}`
    } else if (from >= 0) {
      d += `L${((i - 1) * step).toFixed(1)} ${HEIGHT}Z`
      from = -1
    }
  }
  return d
}
