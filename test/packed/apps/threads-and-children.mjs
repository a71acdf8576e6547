import { fork } from 'node:child_process'
import { once } from 'node:events'
import { isMainThread, Worker } from 'node:worker_threads'
import { trace } from '@opentelemetry/api'

const where = !isMainThread ? 'worker' : process.send ? 'child' : 'main'
trace.getTracer('app').startSpan(`app.${where}`).end()
if (where === 'main') {
  await Promise.all([
    once(new Worker(new URL(import.meta.url)), 'exit'),
    once(fork(new URL(import.meta.url).pathname), 'exit'),
  ])
}
if (where === 'child') process.disconnect()
console.log(where)
