/** Keys. A page registers its own while it is shown; `?` lists what is registered. */
import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'

export interface Shortcut {
  /** `KeyboardEvent.key`, e.g. `j`, `ArrowDown`, `?`. */
  readonly key: string
  readonly does: string
  readonly run: () => void
}

const layers = signal<readonly (readonly Shortcut[])[]>([])

/** Everything that can be pressed now, the page's own keys first. */
export const shortcuts = layers

/** Registers keys while the component is mounted. */
export function useShortcuts(own: readonly Shortcut[]): void {
  const current = useRef(own)
  current.current = own
  useEffect(() => {
    const layer = own.map(({ key, does }) => ({
      key,
      does,
      run: () => current.current.find((shortcut) => shortcut.key === key)?.run(),
    }))
    layers.value = [layer, ...layers.value]
    return () => {
      layers.value = layers.value.filter((other) => other !== layer)
    }
  }, [own.map(({ key }) => key).join()])
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** Listens on the document. Keys in fields, and with modifiers, are left alone. */
export function startShortcuts(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return
    // Space and Enter on a button or link belong to it.
    if (
      (event.key === ' ' || event.key === 'Enter') &&
      event.target instanceof Element &&
      event.target.closest('a,button,summary')
    )
      return
    const found = layers.value.flat().find((shortcut) => shortcut.key === event.key)
    if (!found) return
    event.preventDefault()
    found.run()
  })
}
