import type { ServerResponse } from 'node:http'
import type { LiveEvent } from '../api/contract.ts'
import { logsAfter } from '../query/logs.ts'
import type { Reader } from '../query/reader.ts'
import { storedCounts } from '../query/status.ts'
import { summariesOf } from '../query/trace-summary.ts'

const EVERY_MS = 250
const RATES_EVERY_MS = 1000
const KEEP_OPEN_MS = 15_000
const MAX_TRACES = 200
const MAX_LOGS = 100
const MAX_CLIENTS = 100
/** A client that has not read so many bytes gets no more until it has. */
const MAX_BEHIND = 512 * 1024

/** Sends what happens to the pages that are open. */
export interface Live {
  /** Answers `GET /api/live`; the connection stays open. */
  attach(response: ServerResponse): void
  changed(traces: readonly number[], logs: number): void
  fault(message: string | null): void
  clients(): number
  close(): void
}

interface Client {
  readonly response: ServerResponse
  skippedTraces: number
}

/** What live updates need of the rest. */
export interface LiveSources {
  readonly reader: Reader
  readonly version: string
  rates(): { readonly spansPerSecond: number; readonly logsPerSecond: number }
}

function eventText(event: LiveEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}

/** Opens the live updates: nothing is read from the store while no page is open. */
export function openLive(sources: LiveSources): Live {
  const { reader } = sources
  const clients = new Set<Client>()
  const pending = new Set<number>()
  let droppedPending = 0
  let lastLog = Number(reader.row('SELECT coalesce(max(id), 0) FROM logs')?.[0] ?? 0)
  let newLogs = 0

  const broadcast = (
    event: LiveEvent,
    onBehind: (client: Client) => void,
    own?: (client: Client) => LiveEvent,
  ): void => {
    const text = eventText(event)
    for (const client of clients) {
      if (client.response.writableLength > MAX_BEHIND) onBehind(client)
      else client.response.write(own === undefined ? text : eventText(own(client)))
    }
  }
  const sendTraces = (): void => {
    const newest = [...pending].slice(-MAX_TRACES)
    const skipped = pending.size - newest.length + droppedPending
    pending.clear()
    droppedPending = 0
    const event = { type: 'traces', now: Date.now(), traces: summariesOf(reader, newest), skipped } as const
    const behind = (client: Client): void => void (client.skippedTraces += newest.length + skipped)
    const anyBehind = [...clients].some((client) => client.skippedTraces > 0)
    const own = (client: Client): LiveEvent => {
      const all = skipped + client.skippedTraces
      client.skippedTraces = 0
      return { ...event, skipped: all }
    }
    broadcast(event, behind, anyBehind ? own : undefined)
  }
  const sendLogs = (): void => {
    const logs = logsAfter(reader, lastLog, MAX_LOGS)
    lastLog = logs.at(-1)?.id ?? lastLog
    const skipped = Math.max(0, newLogs - logs.length)
    newLogs = 0
    broadcast({ type: 'logs', now: Date.now(), logs, skipped }, () => undefined)
  }
  const tick = (): void => {
    if (clients.size === 0) {
      pending.clear()
      newLogs = 0
      return
    }
    if (pending.size > 0) sendTraces()
    if (newLogs > 0) sendLogs()
  }
  const sendRates = (): void => {
    if (clients.size === 0) return
    const { deletedTraces: _, ...stored } = storedCounts(reader)
    broadcast({ type: 'rates', now: Date.now(), ...sources.rates(), stored }, () => undefined)
  }
  const keepOpen = (): void => {
    for (const { response } of clients) if (response.writableLength === 0) response.write(': still here\n\n')
  }
  const timers = [
    setInterval(tick, EVERY_MS),
    setInterval(sendRates, RATES_EVERY_MS),
    setInterval(keepOpen, KEEP_OPEN_MS),
  ]
  for (const timer of timers) timer.unref()

  return {
    attach(response) {
      if (clients.size >= MAX_CLIENTS) {
        response.writeHead(503, { 'retry-after': '30' }).end('too many pages are open')
        return
      }
      if (clients.size === 0) {
        pending.clear()
        lastLog = Number(reader.row('SELECT coalesce(max(id), 0) FROM logs')?.[0] ?? 0)
      }
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      const client: Client = { response, skippedTraces: 0 }
      clients.add(client)
      response.on('close', () => clients.delete(client))
      response.write(eventText({ type: 'hello', now: Date.now(), version: sources.version }))
    },
    changed(traces, logs) {
      if (clients.size === 0) return
      newLogs += logs
      for (const tr of traces) {
        pending.delete(tr)
        pending.add(tr)
      }
      for (const tr of pending) {
        if (pending.size <= MAX_TRACES * 5) break
        pending.delete(tr)
        droppedPending++
      }
    },
    fault: (message) => broadcast({ type: 'fault', now: Date.now(), message }, () => undefined),
    clients: () => clients.size,
    close() {
      timers.forEach(clearInterval)
      for (const { response } of clients) response.end()
    },
  }
}
