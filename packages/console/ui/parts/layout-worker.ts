/** The worker that lays graphs out, off the thread that draws. */
import { layOut, type LayoutRequest } from './lay-out.ts'

self.onmessage = (event: MessageEvent<LayoutRequest>) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
  self.postMessage({ id: event.data.id, layout: layOut(event.data) })
}
