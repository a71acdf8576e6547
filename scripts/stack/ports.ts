/** Where the servers of a stack listen, all on loopback. */
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

const NAMES = [
  'collectorGrpc',
  'collectorHttp',
  'collectorHealth',
  'collectorMetrics',
  'collectorPrometheus',
  'jaegerOtlp',
  'jaegerQuery',
  'jaegerQueryGrpc',
  'jaegerHealth',
  'jaegerMetrics',
  'prometheus',
  'alertmanager',
  'loki',
  'lokiGrpc',
] as const

/** One port each. */
export type StackPorts = Readonly<Record<(typeof NAMES)[number], number>>

/** The ports of `pnpm stack up`: the usual ones plus 20000, so that a stack of one's own may run beside it. */
export const fixedPorts: StackPorts = {
  collectorGrpc: 24317,
  collectorHttp: 24318,
  collectorHealth: 33133,
  collectorMetrics: 28888,
  collectorPrometheus: 28889,
  jaegerOtlp: 34317,
  jaegerQuery: 36686,
  jaegerQueryGrpc: 36685,
  jaegerHealth: 34133,
  jaegerMetrics: 34388,
  prometheus: 29090,
  alertmanager: 29093,
  loki: 23100,
  lokiGrpc: 29095,
}

/** Ports that nobody uses at the moment. */
export async function freePorts(): Promise<StackPorts> {
  // All are held until the last is known, else the same one would be given twice.
  const servers = await Promise.all(
    NAMES.map(
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server))
          server.once('error', reject)
        }),
    ),
  )
  const entries = servers.map((server, index) => [NAMES[index], (server.address() as AddressInfo).port])
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return Object.fromEntries(entries) as StackPorts
}
