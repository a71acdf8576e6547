/** Bars over time, stacked, one colour a value; the figures of the bar under the pointer stand above. */
import { useState } from 'preact/hooks'
import { leadingEmpty } from '../format/crop.ts'
import { clock, day } from '../format/time.ts'
import { hueOf } from './span-type.tsx'

/** One layer of the stack. */
export interface Layer {
  readonly name: string
  readonly values: readonly number[]
  /** Class that sets the colour; by the name's hash without it. */
  readonly tone?: string
}

interface TimeBarsProps {
  readonly start: number
  /** Milliseconds of a bar. */
  readonly step: number
  readonly layers: readonly Layer[]
  readonly format: (value: number) => string
  /** Accessible description of what is drawn. */
  readonly label: string
  readonly height?: number
}

const WIDTH = 1000

/** A bar's time; with the day when the chart is longer than one. */
const timeOf = (start: number, step: number, i: number, bars: number): string =>
  step * bars > 86_400_000
    ? `${day(start + i * step).slice(5)} ${clock(start + i * step).slice(0, 5)}`
    : clock(start + i * step).slice(0, 5)

/** Largest first at the bottom. */
export function TimeBars({ start: began, step, layers: all, format, label, height = 140 }: TimeBarsProps) {
  const skipped = leadingEmpty(all.map((layer) => layer.values))
  const start = began + skipped * step
  const layers = all.map((layer) => ({ ...layer, values: layer.values.slice(skipped) }))
  const [over, setOver] = useState(-1)
  const bars = layers[0]?.values.length ?? 0
  const sums = Array.from({ length: bars }, (_, i) => layers.reduce((sum, layer) => sum + (layer.values[i] ?? 0), 0))
  const top = Math.max(...sums, 0)
  const width = WIDTH / Math.max(1, bars)
  const scale = (value: number) => (top === 0 ? 0 : (value / top) * (height - 4))
  const at = over >= 0 && over < bars ? over : -1
  return (
    <figure class="time-bars">
      <figcaption class="num">
        {at >= 0 ? (
          <>
            <span class="faint">{timeOf(start, step, at, bars)}</span> <b>{format(sums[at]!)}</b>
            {layers.length > 1 &&
              layers
                .filter((layer) => layer.values[at])
                .map((layer) => (
                  <span class={`legend ${layer.tone ?? hueOf(layer.name)}`}>
                    <span class="dot" /> {layer.name} {format(layer.values[at]!)}
                  </span>
                ))}
          </>
        ) : (
          <>
            <span class="faint">highest</span> <b>{format(top)}</b>
            {layers.length > 1 &&
              layers.map((layer) => (
                <span class={`legend ${layer.tone ?? hueOf(layer.name)}`}>
                  <span class="dot" /> {layer.name}
                </span>
              ))}
          </>
        )}
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        preserveAspectRatio="none"
        style={{ height: `${height}px` }}
        role="img"
        aria-label={label}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect()
          setOver(Math.floor(((event.clientX - box.left) / box.width) * bars))
        }}
        onPointerLeave={() => setOver(-1)}
      >
        <line class="base" x1="0" x2={WIDTH} y1={height - 0.5} y2={height - 0.5} />
        {sums.map((_, i) => {
          let y = height - 1
          return (
            <g class={i === at ? 'over' : ''}>
              {layers.map((layer) => {
                const tall = scale(layer.values[i] ?? 0)
                y -= tall
                return tall > 0 ? (
                  <rect
                    class={layer.tone ?? hueOf(layer.name)}
                    x={i * width + width * 0.1}
                    y={y}
                    width={width * 0.8}
                    height={tall}
                  />
                ) : null
              })}
            </g>
          )
        })}
      </svg>
      <div class="time-axis faint num" aria-hidden="true">
        {[0, 0.25, 0.5, 0.75].map((share) => (
          <span>{timeOf(start, step, Math.floor(share * bars), bars)}</span>
        ))}
        <span>now</span>
      </div>
    </figure>
  )
}
