/** The whole run in 40 pixels: a line for each span, and a brush that chooses the stretch of time on the screen. */
import { useEffect, useRef } from 'preact/hooks'
import { theme, token } from '../../app/theme.ts'
import { duration } from '../../format/time.ts'
import type { RunState } from './state.ts'

const HEIGHT = 40

function draw(canvas: HTMLCanvasElement, state: RunState): void {
  const { run } = state
  const { spans, dictionaries } = run.skeleton
  const width = canvas.clientWidth
  const scale = devicePixelRatio
  canvas.width = width * scale
  canvas.height = HEIGHT * scale
  const context = canvas.getContext('2d')
  if (!context || width === 0) return
  context.scale(scale, scale)
  const colours = new Map(dictionaries.types.map((type) => [type, token(`--type-${COLOUR_OF[type] ?? type}`)]))
  const error = token('--error-fill')
  const rowHeight = Math.max(1, Math.min(4, (HEIGHT - 4) / Math.max(1, run.size)))
  const bars = (failed: boolean) => {
    for (let row = 0; row < run.size; row++) {
      if ((spans.status[row] === 2 && !run.recovered.has(row)) !== failed) continue
      const type = dictionaries.types[spans.type[row]!] ?? 'other'
      context.fillStyle = failed ? error : (colours.get(type) ?? error)
      context.globalAlpha = failed ? 1 : 0.75
      const x = (spans.start[row]! / run.length) * width
      const y = run.size * rowHeight <= HEIGHT - 4 ? 2 + row * rowHeight : 2 + (row / run.size) * (HEIGHT - 5)
      context.fillRect(
        x,
        y,
        Math.max(failed ? 3 : 1, (spans.duration[row]! / run.length) * width),
        Math.max(failed && run.children[row]!.length === 0 ? 4 : 1, rowHeight - (rowHeight > 2 ? 1 : 0)),
      )
    }
  }
  bars(false)
  bars(true)
}

/** Types that share the colour of another. */
const COLOUR_OF: Record<string, string> = {
  embeddings: 'model',
  response: 'model',
  security: 'guardrail',
  plan: 'decision',
  event: 'message',
  worker: 'message',
  task: 'workflow',
}

/** Drag to choose a stretch, double click for all. The keyboard has buttons for the same. */
export function MiniMap({ state }: { state: RunState }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const from = useRef<number | null>(null)
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const observer = new ResizeObserver(() => draw(element, state))
    observer.observe(element)
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const redraw = () => draw(element, state)
    dark.addEventListener('change', redraw)
    redraw()
    return () => {
      observer.disconnect()
      dark.removeEventListener('change', redraw)
    }
  }, [state, theme.value])

  const { length } = state.run
  const stretch = state.stretch.value
  const at = (event: PointerEvent) => {
    const box = canvas.current!.getBoundingClientRect()
    return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * length
  }
  const down = (event: PointerEvent) => {
    canvas.current!.setPointerCapture(event.pointerId)
    from.current = at(event)
  }
  const move = (event: PointerEvent) => {
    if (from.current === null) return
    const to = at(event)
    if (Math.abs(to - from.current) < length / 200) return
    state.stretch.value = { from: Math.min(from.current, to), to: Math.max(from.current, to) }
  }
  const whole = stretch.from <= 0 && stretch.to >= length
  return (
    <div class="mini-map">
      <canvas
        ref={canvas}
        role="img"
        aria-label="The whole run; drag to zoom into a stretch of it"
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={() => (from.current = null)}
        onDblClick={() => (state.stretch.value = { from: 0, to: length })}
      />
      {!whole && (
        <>
          <span class="veil" style={{ left: 0, width: `${(stretch.from / length) * 100}%` }} />
          <span class="veil" style={{ right: 0, width: `${(1 - stretch.to / length) * 100}%` }} />
          <button
            type="button"
            class="button mini-map-all"
            onClick={() => (state.stretch.value = { from: 0, to: length })}
          >
            {duration(stretch.to - stretch.from)} of {duration(length)} · show all
          </button>
        </>
      )}
    </div>
  )
}
