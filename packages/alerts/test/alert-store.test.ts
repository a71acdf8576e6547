import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { faultCounts, resetFaults } from '@agentel/api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Alerts,
  checkRules,
  functionChannel,
  type Notification,
  onlyEscalated,
  openAlertStore,
  startAlerts,
  type TimeSeries,
} from '../src/index.ts'

const [rule] = checkRules({
  rules: [
    {
      name: 'queue-long',
      signal: 'agentel.queue.depth',
      aggregation: 'average',
      groupBy: ['agentel.queue.name'],
      window: '5m',
      above: 100,
      severity: 'error',
      escalateAfter: '10m',
    },
  ],
})

let folder: string
let clock: number
let depth: number
let groups: number
const running: Alerts[] = []
const now = (): number => clock
const series: TimeSeries = {
  samples: () =>
    Array.from({ length: groups }, (_, index) => ({
      kind: 'gauge',
      labels: { 'agentel.queue.name': index === 0 ? 'mail' : `mail${index}` },
      points: [{ time: clock, value: depth }],
    })),
}

function start(told: Notification[], called: Notification[] = []): Alerts {
  const alerts = startAlerts({
    rules: [rule!],
    series,
    now,
    channels: [
      functionChannel('team', (notification) => void told.push(notification)),
      onlyEscalated(functionChannel('boss', (notification) => void called.push(notification))),
    ],
    store: openAlertStore({ file: join(folder, 'alerts.db'), now }),
  })
  running.push(alerts)
  return alerts
}

async function evaluateAll(...all: Alerts[]): Promise<void> {
  for (const alerts of all) alerts.evaluate()
  await Promise.all(all.map(({ notifier }) => notifier.flush()))
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentel-alerts-'))
  clock = Date.UTC(2026, 0, 1)
  depth = 500
  groups = 1
})
afterEach(async () => {
  for (const alerts of running.splice(0)) await alerts.close()
  rmSync(folder, { recursive: true })
})

describe('a store of alerts', () => {
  it('is readable by its owner only', () => {
    openAlertStore({ file: join(folder, 'alerts.db') }).close()
    expect(statSync(join(folder, 'alerts.db')).mode & 0o777).toBe(0o600)
  })

  it('brings open alerts, who acknowledged them, silences and history over a restart, and tells nobody twice', async () => {
    const told: Notification[] = []
    const before = start(told)
    await evaluateAll(before)
    const [alert] = before.alerts()
    expect(before.acknowledge(alert!.id, 'ada')).toBe(true)
    const silence = before.silence({ rule: 'other', until: clock + 3_600_000, by: 'ada' })
    await running.pop()!.close()

    const after = start(told)
    await evaluateAll(after)
    expect(after.alerts()).toEqual([
      { ...alert, state: 'acknowledged', acknowledged: { by: 'ada', at: clock }, changedAt: clock },
    ])
    expect(after.silences()).toEqual([silence])
    expect(after.history().map(({ alert: { state }, actor }) => [state, actor])).toEqual([
      ['acknowledged', 'ada'],
      ['active', 'evaluator'],
    ])
    expect(told.map(({ status }) => status)).toEqual(['firing'])
    depth = 0
    await evaluateAll(after)
    expect(told.map(({ status }) => status)).toEqual(['firing', 'resolved'])
  })

  it('that is locked holds an evaluation up once, whatever changes, and has all changes when it is open again', async () => {
    resetFaults()
    const told: Notification[] = []
    groups = 200
    const alerts = start(told)
    const other = new DatabaseSync(join(folder, 'alerts.db'))
    other.exec('BEGIN IMMEDIATE')
    await evaluateAll(alerts)
    expect(told.map(({ alerts: all, omitted }) => all.length + (omitted ?? 0))).toEqual([200])
    expect(faultCounts()).toEqual({ 'alerts.claim': 1 })
    expect(alerts.silence({ until: clock + 1000, by: 'ada' }).id).toBe('silence-1')
    expect(faultCounts()).toEqual({ 'alerts.claim': 1, 'alerts.save': 1 })
    other.exec('COMMIT')
    other.close()
    await evaluateAll(alerts)
    const reader = openAlertStore({ file: join(folder, 'alerts.db') })
    const { watches, history, silences } = reader.load()
    expect([watches.length, history.length, silences.length]).toEqual([200, 400, 1])
    reader.close()
  })

  it('makes one message of one storm in four replicas, and one when the last of them is well again', async () => {
    const told: Notification[] = []
    const replicas = [start(told), start(told), start(told), start(told)]
    await evaluateAll(...replicas)
    await evaluateAll(...replicas)
    expect(told.map(({ status }) => status)).toEqual(['firing'])
    depth = 0
    await evaluateAll(...replicas.slice(0, 3))
    expect(told).toHaveLength(1)
    await evaluateAll(replicas[3]!)
    expect(told.map(({ status }) => status)).toEqual(['firing', 'resolved'])
  })

  it('lets another replica tell when the one that told has died', async () => {
    const told: Notification[] = []
    const dead = start(told)
    await evaluateAll(dead)
    clock += 121_000
    const other = start(told)
    depth = 0
    await evaluateAll(other)
    expect(told.map(({ status }) => status)).toEqual(['firing', 'resolved'])
  })
})

describe('an alert that nobody acknowledges', () => {
  it('is told once more when the time of the rule is over, to those above as well', async () => {
    const [told, called]: [Notification[], Notification[]] = [[], []]
    const alerts = start(told, called)
    for (const minutes of [0, 5, 10, 15]) {
      clock = Date.UTC(2026, 0, 1) + minutes * 60_000
      await evaluateAll(alerts)
    }
    expect(told.map(({ at, escalated }) => [(at - Date.UTC(2026, 0, 1)) / 60_000, escalated])).toEqual([
      [0, undefined],
      [10, true],
    ])
    expect(called).toEqual([told[1]])
  })

  it('is not escalated when somebody has', async () => {
    const [told, called]: [Notification[], Notification[]] = [[], []]
    const alerts = start(told, called)
    await evaluateAll(alerts)
    alerts.acknowledge(alerts.alerts()[0]!.id, 'ada')
    clock += 3_600_000
    await evaluateAll(alerts)
    expect([told.length, called.length]).toEqual([1, 0])
  })
})
