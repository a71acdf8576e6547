import { workerData } from 'node:worker_threads'
import type { LastRequest, LastSendData } from '../last-send.ts'

/** Runs as a worker thread: the thread that made it waits, and ends the process when all is sent or its time is up. */
const { requests, state } = workerData as LastSendData

async function send(request: LastRequest): Promise<boolean> {
  if (request.protocol !== 'grpc') return (await import('./deliver-http.ts')).deliverHttp(request)
  return (await import('./deliver-grpc.ts')).deliverGrpc(request)
}

for (const request of requests) {
  const settled = (sent: boolean): void => {
    if (sent) Atomics.add(state, 1, 1)
    Atomics.sub(state, 0, 1)
    Atomics.notify(state, 0)
  }
  send(request).then(settled, () => settled(false))
}
