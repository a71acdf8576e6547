/** Lines over time. */
import { useEffect, useRef } from 'preact/hooks'
import type uPlot from 'uplot'
import { theme, token } from '../../app/theme.ts'
import { loadPlot } from './load-plot.ts'

export interface ChartLine {
  readonly name: string
  /** Of the palette, 0 to 11. */
  readonly hue: number
  readonly time: readonly number[]
  readonly value: readonly (number | null)[]
}

interface LineChartProps {
  readonly lines: readonly ChartLine[]
  readonly format: (value: number) => string
  /** Accessible description. */
  readonly label: string
}

const HEIGHT = 280

/** Labels of the time axis by the distance of its ticks in seconds: what is added where the day, or the minute, changes. */
const TIMES: uPlot.Axis.Values = [
  [86_400, '{YYYY}-{MM}-{DD}', null, null, null, null, null, null, 1],
  [60, '{HH}:{mm}', '\n{YYYY}-{MM}-{DD}', null, '\n{YYYY}-{MM}-{DD}', null, null, null, 1],
  [1, ':{ss}', '\n{YYYY}-{MM}-{DD} {HH}:{mm}', null, '\n{YYYY}-{MM}-{DD} {HH}:{mm}', null, '\n{HH}:{mm}', null, 1],
]

/** Lines on one axis of times; where a line has no point there is a gap in the data, not in the drawing. */
export function alignLines(lines: readonly ChartLine[]): uPlot.AlignedData {
  const times = [...new Set(lines.flatMap((line) => line.time))].toSorted((a, b) => a - b)
  const at = new Map(times.map((time, i) => [time, i]))
  const columns = lines.map((line) => {
    const column: (number | null | undefined)[] = Array.from({ length: times.length })
    line.time.forEach((time, i) => (column[at.get(time)!] = line.value[i] ?? null))
    return column
  })
  return [times.map((time) => time / 1000), ...columns] as uPlot.AlignedData
}

function optionsFor(lines: readonly ChartLine[], format: (value: number) => string, width: number): uPlot.Options {
  const axis = {
    stroke: token('--text-faint'),
    grid: { stroke: token('--border'), width: 1 },
    ticks: { stroke: token('--border'), width: 1 },
  }
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    scales: { y: { range: (_, low, high) => [Math.min(0, low), high > low ? high * 1.05 : high + 1] } },
    series: [
      { value: '{HH}:{mm}:{ss}' },
      ...lines.map((line) => ({
        label: line.name,
        stroke: hueColour(line.hue),
        width: 1.5,
        points: { show: line.time.length < 3 },
      })),
    ],
    axes: [
      { ...axis, values: TIMES },
      { ...axis, size: 72, values: (_: uPlot, values: number[]) => values.map(format) },
    ],
  }
}

function hueColour(hue: number): string {
  const probe = document.createElement('i')
  probe.className = `hue-${hue}`
  document.body.append(probe)
  probe.style.color = 'var(--hue)'
  const colour = getComputedStyle(probe).color
  probe.remove()
  return colour
}

/** Redrawn when data, width or theme change. */
export function LineChart({ lines, format, label }: LineChartProps) {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = frame.current
    if (!element) return
    let chart: uPlot | null = null
    let gone = false
    void loadPlot().then((Plot) => {
      if (gone) return
      chart = new Plot(optionsFor(lines, format, element.clientWidth), alignLines(lines), element)
    })
    const observer = new ResizeObserver(() => chart?.setSize({ width: element.clientWidth, height: HEIGHT }))
    observer.observe(element)
    return () => {
      gone = true
      observer.disconnect()
      chart?.destroy()
    }
  }, [lines, theme.value])
  return <div class="line-chart" ref={frame} role="img" aria-label={label} />
}
