import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { vi } from 'vitest'

/** An OTLP destination that answers at once, or, made slow, when it is told to. */
export interface SlowDestination {
  readonly url: string
  /** Requests that have no answer yet. */
  readonly unanswered: readonly ServerResponse[]
  /** From now on nothing is answered. */
  slowDown(): void
  /** Answers what waits, and at once again from now on. */
  answer(): void
  /** Waits until so many requests are there without an answer. */
  asked(requests?: number): Promise<void>
  close(): void
}

export async function openSlowDestination(): Promise<SlowDestination> {
  const unanswered: ServerResponse[] = []
  let slow = false
  const server = createServer((request, response) => {
    request.resume().once('end', () => (slow ? unanswered.push(response) : response.writeHead(200).end()))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    unanswered,
    slowDown: () => void (slow = true),
    answer() {
      slow = false
      for (const response of unanswered.splice(0)) response.writeHead(200).end()
    },
    asked: (requests = 1) =>
      vi.waitUntil(() => unanswered.length >= requests, { timeout: 30_000 }).then(() => undefined),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
