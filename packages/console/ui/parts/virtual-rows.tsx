/** A list of rows of one height of which only those in sight are in the document. */
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

interface VirtualRowsProps {
  readonly count: number
  /** Pixels. */
  readonly rowHeight: number
  readonly row: (index: number) => ComponentChildren
  readonly class?: string
  /** Accessible name of the list. */
  readonly label: string
  /** ARIA role of the scroller; its rows bring their own. */
  readonly role?: 'list' | 'tree' | 'listbox' | 'table'
  /** Row to bring into sight; a new object asks again. */
  readonly reveal?: { readonly index: number } | null
  /** Called when the end is near: load more. */
  readonly onEnd?: () => void
  /** The row that has the keyboard: its index and element id, for `aria-activedescendant`. */
  readonly active?: { readonly index: number; readonly id: string } | null
}

const OVERSCAN = 8

/** Scrolls by itself; give it a height. */
export function VirtualRows(props: VirtualRowsProps) {
  const { count, rowHeight, row, label, role = 'list', reveal, onEnd, active } = props
  const scroller = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 600 })

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    // In whole rows: a scroll by some pixels draws nothing new.
    const read = () => {
      const top = Math.floor(element.scrollTop / rowHeight) * rowHeight
      const height = element.clientHeight
      setView((before) => (before.top === top && before.height === height ? before : { top, height }))
    }
    const observer = new ResizeObserver(read)
    observer.observe(element)
    element.addEventListener('scroll', read, { passive: true })
    read()
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', read)
    }
  }, [rowHeight])

  useLayoutEffect(() => {
    const element = scroller.current
    if (!reveal || reveal.index < 0 || !element) return
    const top = reveal.index * rowHeight
    const { scrollTop, clientHeight } = element
    if (top < scrollTop + rowHeight) element.scrollTop = Math.max(0, top - clientHeight / 3)
    else if (top > scrollTop + clientHeight - 2 * rowHeight) element.scrollTop = top - (clientHeight * 2) / 3
  }, [reveal, rowHeight])

  const first = Math.max(0, Math.floor(view.top / rowHeight) - OVERSCAN)
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + 1 + OVERSCAN)
  useEffect(() => {
    if (count > 0 && last >= count - OVERSCAN) onEnd?.()
  }, [first, last, count])

  const rows: ComponentChildren[] = []
  for (let index = first; index < last; index++) rows.push(row(index))
  return (
    <div
      class={`virtual ${props.class ?? ''}`}
      ref={scroller}
      role={role}
      aria-label={label}
      tabIndex={0}
      {...(active && active.index >= first && active.index < last && { 'aria-activedescendant': active.id })}
    >
      <div class="virtual-space" role="presentation" style={{ height: `${count * rowHeight}px` }}>
        <div class="virtual-rows" role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
          {rows}
        </div>
      </div>
    </div>
  )
}
