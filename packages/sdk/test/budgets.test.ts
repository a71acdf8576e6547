import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { context, trace } from '@opentelemetry/api'
import { beforeCall, withIdentity } from '@agentel/api'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startAgentel } from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'agentel-sdk-budgets-'))
const list = join(folder, 'budgets.yaml')
const store = join(folder, 'budgets.db')
const noExporters = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
const before = { ...process.env }
beforeAll(() => Object.assign(process.env, noExporters))
afterAll(() => {
  process.env = before
  rmSync(folder, { recursive: true, force: true })
})

/** A call that costs a dollar, for a user whose id is personal data. */
function call(): void {
  withIdentity({ userId: 'ann@example.org' }, () => {
    const attributes = { 'gen_ai.operation.name': 'chat', 'agentel.cost.amount': 1 }
    trace.getTracer('t').startSpan('chat', { attributes }).end()
  })
}

const chatOf = (userId: string) => () =>
  withIdentity({ userId }, () => beforeCall({ operation: 'chat', context: context.active() }))

it('keeps budgets over a restart, by the true user id, and refuses calls when they are used up', async () => {
  writeFileSync(list, '- {name: daily, scope: user, period: day, cost: 2, onExceeded: throw}\n')
  const first = startAgentel({ budgets: { file: list, store } })
  call()
  expect(first.checkBudget({ userId: 'ann@example.org' })).toMatchObject({
    allowed: true,
    budgets: [{ used: 1, remaining: 1, percentage: 50 }],
  })
  await first.shutdown()

  const second = startAgentel({ budgets: { file: list, store } })
  call()
  expect(second.checkBudget({ userId: 'ann@example.org' })).toMatchObject({
    allowed: false,
    budgets: [{ used: 2, remaining: 0 }],
  })
  expect(chatOf('ann@example.org')).toThrow('budget "daily" (user) is used up: $2.0000 of $2.')
  expect(chatOf('bob@example.org')).not.toThrow()
  await second.shutdown()
  expect(chatOf('ann@example.org')).not.toThrow()
})

it('stops the start for a wrong list of budgets, and says what is wrong in which file', () => {
  writeFileSync(list, '- {name: daily, scope: team, period: day, cost: 2}\n')
  expect(() => startAgentel({ budgets: { file: list } })).toThrow(
    `budget list ${list}: budgets: [0].scope must be one of total, tenant`,
  )
})

it('takes a server in place of a file, and never shows its password', () => {
  writeFileSync(list, '- {name: daily, scope: user, period: day, cost: 2}\n')
  expect(() => startAgentel({ budgets: { file: list, server: 'ann:secret' } })).toThrow(
    'budgets: the address of the Redis server must be such as redis://host:6379',
  )
  expect(() => startAgentel({ budgets: { file: list, store, server: 'redis://ann:secret@h:1' } })).toThrow(
    'budgets: give a file or a server, not both',
  )
})

it('lets every call pass where there are no budgets', async () => {
  const agentel = startAgentel()
  expect(agentel.checkBudget()).toEqual({ allowed: true, budgets: [] })
  await agentel.shutdown()
})
