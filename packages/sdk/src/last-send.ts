import { Worker } from 'node:worker_threads'
import type { OtlpSettings, Protocol, Signal } from './otel-settings.ts'
import { requireSibling } from './require-sibling.ts'
import type { UnsentBatch } from './unsent.ts'

/** One export request, ready to be sent. */
export interface LastRequest {
  readonly signal: Signal
  readonly protocol: Protocol
  readonly otlp: OtlpSettings
  readonly body: Uint8Array
}

/** What the sending thread is given; `state` counts the requests that are not settled, then those that were taken. */
export interface LastSendData {
  readonly requests: readonly LastRequest[]
  readonly state: Int32Array
}

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'

/**
 * Sends batches while this thread waits: a process that is being ended runs nothing asynchronous any more, but a thread
 * of its own does. Takes about 100 ms with a destination that answers, and never longer than `timeoutMs`.
 *
 * @returns the number of batches that were not taken in time
 */
export function sendNow(batches: readonly UnsentBatch[], timeoutMs: number): number {
  const until = performance.now() + timeoutMs
  const { serialize } = requireSibling<typeof import('./exporters/serialize.ts')>('exporters/serialize')
  const requests: LastRequest[] = []
  for (const { signal, settings, batch } of batches) {
    const body = serialize(signal, settings.protocol, batch)
    const otlp = { ...settings.otlp, timeoutMillis: Math.min(settings.otlp.timeoutMillis ?? timeoutMs, timeoutMs) }
    if (body !== undefined) requests.push({ signal, protocol: settings.protocol, otlp, body })
  }
  if (requests.length === 0) return 0
  const state = new Int32Array(new SharedArrayBuffer(8))
  state[0] = requests.length
  startThread({ requests, state })
  for (;;) {
    const left = Atomics.load(state, 0)
    const time = until - performance.now()
    if (left === 0 || time <= 0) return requests.length - Atomics.load(state, 1)
    Atomics.wait(state, 0, left, time)
  }
}

/** Without what the process was started with: no loader, no other telemetry, nothing of the application runs there. */
function startThread(workerData: LastSendData): void {
  const { NODE_OPTIONS: _, ...env } = process.env
  const file = new URL(`./exporters/last-send-worker.${extension}`, import.meta.url)
  const thread = new Worker(file, { workerData, env, execArgv: [], stdout: true, stderr: true })
  thread.on('error', () => undefined)
  thread.unref()
}
