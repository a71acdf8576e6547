import type { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { appendRows, readMark } from './append-rows.ts'
import type { AuditRow } from './audit-event.ts'
import { openForWriting } from './audit-file.ts'
import type { FromThread, ThreadCall, ThreadData, ToThread } from './audit-messages.ts'
import { forgetUser } from './forget-user.ts'
import { pruneRows } from './prune-rows.ts'

const port = parentPort!
const { file, synchronous, done } = workerData as ThreadData
let db: DatabaseSync | undefined
/** Why nothing is written any more. It stays so: a log with a hole that nobody has noticed is worse than one that ends. */
let broken: string | undefined

const post = (message: FromThread): void => port.postMessage(message)
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function open(): DatabaseSync {
  if (broken !== undefined) throw new Error(broken)
  db ??= openForWriting(file, synchronous)
  return db
}

function write(rows: readonly AuditRow[]): void {
  try {
    appendRows(open(), rows)
    post({ kind: 'written', count: rows.length })
  } catch (error) {
    broken ??= reasonOf(error)
    post({ kind: 'lost', count: rows.length, reason: broken })
  } finally {
    Atomics.add(done, 0, rows.length)
    Atomics.notify(done, 0)
  }
}

/** Pruning lets rows in between its pieces, so it may be under way when the log is closed: it then stops at the next one. */
let pruning: Promise<unknown> = Promise.resolve()
let isClosing = false

async function answer(call: ThreadCall): Promise<unknown> {
  if (call.kind === 'flush') return readMark(open(), 'head')
  if (call.kind === 'forget') return forgetUser(open(), call.options.userId)
  if (call.kind === 'prune') {
    const pruned = pruneRows(open(), call.options, () => !isClosing)
    pruning = Promise.allSettled([pruning, pruned])
    return pruned
  }
  isClosing = true
  await pruning
  db?.close()
  return undefined
}

async function reply(call: ThreadCall): Promise<void> {
  try {
    post({ kind: 'answer', id: call.id, result: await answer(call) })
    if (call.kind === 'close') port.close()
  } catch (error) {
    post({ kind: 'refused', id: call.id, reason: reasonOf(error) })
  }
}

port.on('message', (message: ToThread) => {
  if (message.kind === 'rows') write(message.rows)
  else void reply(message)
})
