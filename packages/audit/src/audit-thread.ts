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

function answer(call: ThreadCall): unknown {
  if (call.kind === 'flush') return readMark(open(), 'head')
  if (call.kind === 'forget') return forgetUser(open(), call.options.userId)
  if (call.kind === 'prune') return pruneRows(open(), call.options)
  db?.close()
  return undefined
}

port.on('message', (message: ToThread) => {
  if (message.kind === 'rows') return write(message.rows)
  try {
    post({ kind: 'answer', id: message.id, result: answer(message) })
    if (message.kind === 'close') port.close()
  } catch (error) {
    post({ kind: 'refused', id: message.id, reason: reasonOf(error) })
  }
})
