import { useEffect, useState } from 'preact/hooks'
import type { Layout, LayoutRequest } from './lay-out.ts'

let worker: Worker | null = null
let sent = 0
const waiting = new Map<number, (layout: Layout) => void>()
/** By shape: the same graph with other figures keeps its places. */
const cache = new Map<string, Layout>()

function ask(request: Omit<LayoutRequest, 'id'>): Promise<Layout> {
  if (!worker) {
    worker = new Worker('/assets/layout.js', { type: 'module' })
    worker.onmessage = (event: MessageEvent<{ id: number; layout: Layout }>) => {
      waiting.get(event.data.id)?.(event.data.layout)
      waiting.delete(event.data.id)
    }
  }
  const id = ++sent
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
  worker.postMessage({ id, ...request })
  return new Promise((resolve) => waiting.set(id, resolve))
}

/** Places for a graph; the one before stays until the new one is there. `key` names the shape. */
export function useLayout(request: Omit<LayoutRequest, 'id'> | null): { layout: Layout; key: string } | null {
  const key = request ? JSON.stringify(request) : ''
  const [placed, setPlaced] = useState<{ layout: Layout; key: string } | null>(null)
  useEffect(() => {
    if (!request) return
    const known = cache.get(key)
    if (known) {
      setPlaced({ layout: known, key })
      return
    }
    let wanted = true
    void ask(request).then((layout) => {
      if (cache.size > 50) cache.clear()
      cache.set(key, layout)
      if (wanted) setPlaced({ layout, key })
    })
    return () => {
      wanted = false
    }
  }, [key])
  return placed?.key === key ? placed : null
}
