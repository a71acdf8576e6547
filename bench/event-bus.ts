/**
 * 10,000 transactions through three processes on a real Redis, with the SDK's own set-up, a console and a ledger: is every
 * stage of each accounted for, and are the figures the ledger's? Result in bench/results/event-bus.json.
 * Run: node --conditions=@agentel/source bench/event-bus.ts [ORDERS]
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { ledgerOf, stagesOf } from '../packages/instrumentations/event-bus/test/show/ledger.ts'
import { runShop } from '../packages/instrumentations/event-bus/test/show/run-shop.ts'

const orders = Number(process.argv[2] ?? 10_000)
const { told, stages, events, workers, metrics, processed, seconds } = await runShop(orders)
const ledger = ledgerOf(orders)
const complete = stages.filter((all, n) => isDeepStrictEqual(all.toSorted(), stagesOf(n).toSorted())).length
const result = {
  command: `node --conditions=@agentel/source bench/event-bus.ts ${orders}`,
  machine: `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, load of others not excluded`,
  orders,
  seconds: Math.round(seconds * 10) / 10,
  'transactions whose stages are all there, and no other': complete,
  "figures equal to the producer's ledger": isDeepStrictEqual(told, ledger),
  ledger,
  'agentel.events': metrics,
  'otel.sdk.processor.*.processed': processed,
  events: events.rows.map(({ type, count, share, success, throughput, handling, latency }) => ({
    type,
    count,
    share,
    success,
    throughput,
    handling,
    latency,
  })),
  workers: workers.summary,
}
writeFileSync(join(import.meta.dirname, 'results/event-bus.json'), `${JSON.stringify(result, null, 2)}\n`)
console.log(JSON.stringify(result, null, 2))
if (complete !== orders || !isDeepStrictEqual(told, ledger)) process.exitCode = 1
