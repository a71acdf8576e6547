import { expect, it } from 'vitest'
import { generateOffice } from '../../../bench/anomaly/office-generator.ts'
import type { GeneratedSpan } from '../../../bench/anomaly/corpus.ts'
import { fleetWatcher, observationOf } from '../../../bench/anomaly/watchers.ts'
import { FleetWatch, nextRandom, type FleetWatchOptions, type Incident, type Observation } from '../src/index.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

function watching(options?: FleetWatchOptions) {
  const detected: Incident[] = []
  const ended: Incident[] = []
  const watch = new FleetWatch({ detected: (i) => detected.push(i), ended: (i) => ended.push(i) }, options)
  return { watch, detected, ended }
}

let traces = 0

/** One task of an agent: a call, a tool, the run itself. */
function task(watch: FleetWatch, time: number, random: { seed: number }, change: Partial<Observation> = {}): void {
  const noise = () => Math.exp(0.6 * (nextRandom(random) + nextRandom(random) - 1))
  const base = { agent: 'writer', traceId: `t${traces++}`, failed: false, durationMs: 0 }
  const inputTokens = change.inputTokens ?? Math.round(800 * noise())
  const outputTokens = Math.round(200 * noise())
  const cost = (inputTokens + 4 * outputTokens) * 5e-6
  const model = { model: 'm', inputTokens, outputTokens, cost }
  watch.observe({ ...base, kind: 'chat', time, durationMs: 900 * noise(), ...model, ...change })
  watch.observe({ ...base, kind: 'tool', tool: 'search', time: time + 300, durationMs: 300 * noise() })
  watch.observe({ ...base, kind: 'agent', time: time + 400, durationMs: 1400 })
}

/** Two days of a task every two minutes. */
function learned(options?: FleetWatchOptions) {
  const all = watching(options)
  const random = { seed: 42 }
  for (let time = 0; time < 48 * HOUR; time += 2 * MINUTE) task(all.watch, time, random)
  return { ...all, random, now: 48 * HOUR }
}

it('is quiet about two ordinary days', () => {
  const { detected } = learned()
  expect(detected).toEqual([])
})

it('reports a token blow-up within ten tasks, in a sentence, with its trace, and its end', () => {
  const { watch, detected, ended, random, now } = learned()
  let time = now
  for (let i = 0; i < 10; i++, time += 2 * MINUTE) task(watch, time, random, { inputTokens: 4000 })
  expect(detected).toHaveLength(1)
  expect(detected[0]).toMatchObject({
    agent: 'writer',
    first: { signal: 'input_tokens', detector: 'shift' },
    endedAt: undefined,
  })
  expect(detected[0]!.first.traceId).toMatch(/^t\d+$/)
  expect(detected[0]!.explanation).toMatch(/^writer: prompts have grown to \d(\.\d+)? times their usual length\.$/)
  for (let i = 0; i < 30; i++, time += 2 * MINUTE) task(watch, time, random)
  expect(ended).toHaveLength(1)
  expect(ended[0]).toBe(detected[0])
})

it('reports a silent agent by the clock alone, though nothing arrives any more', () => {
  const { watch, detected, now } = learned()
  for (let time = now; time < now + HOUR; time += MINUTE) watch.check(time)
  expect(detected.map((i) => i.first.signal)).toEqual(['silence'])
  expect(detected[0]!.startedAt - now).toBeLessThan(45 * MINUTE)
  expect(detected[0]!.explanation).toMatch(
    /^writer: only 0 runs where \d+(\.\d)? were to be expected: it has gone quiet\.$/,
  )
})

it('misses an agent within ten tasks in which it had no part, and says when it is back', () => {
  const { watch, detected, ended } = watching()
  let time = 0
  const desk = (agents: string[]) => {
    const traceId = `desk${traces++}`
    time += 10_000
    for (const agent of agents) watch.observe({ agent, kind: 'chat', traceId, time, durationMs: 500, failed: false })
    watch.endTrace(traceId)
  }
  for (let i = 0; i < 60; i++) desk(['planner', 'critic'])
  for (let i = 0; i < 10; i++) desk(['planner'])
  expect(detected.map((i) => [i.agent, i.first.signal])).toEqual([['critic', 'absence']])
  expect(detected[0]!.explanation).toMatch(/^critic: it had no part in \d+(\.\d)? % of the newest tasks, /)
  for (let i = 0; i < 60; i++) desk(['planner', 'critic'])
  expect(ended).toEqual(detected)
})

it('reports a loop while the task still runs', () => {
  const { watch, detected, ended, now } = learned()
  const base = {
    agent: 'writer',
    traceId: 'loop',
    failed: false,
    durationMs: 500,
    model: 'm',
    inputTokens: 800,
    outputTokens: 200,
    cost: 0.01,
  }
  for (let i = 0; i < 40; i++) watch.observe({ ...base, kind: 'chat', time: now + i * 1000 })
  const loop = detected.find((i) => i.signals.has('loop '))
  expect(loop).toBeDefined()
  expect(loop!.signals.get('loop ')!.observed).toBeLessThanOrEqual(16)
  watch.observe({ ...base, kind: 'agent', time: now + 41_000 })
  expect(ended).not.toContain(loop)
  watch.check(now + 7 * MINUTE)
  expect(ended).toContain(loop)
  expect(loop!.endedAt).toBe(now + 41_000)
})

it('reports a tool that fails, and names it', () => {
  const { watch, detected, now } = learned()
  for (let i = 0; i < 10; i++)
    watch.observe({
      agent: 'writer',
      kind: 'tool',
      tool: 'search',
      traceId: `f${i}`,
      failed: true,
      durationMs: 100,
      time: now + i * 1000,
    })
  expect(detected).toHaveLength(1)
  expect(detected[0]!.first).toMatchObject({ signal: 'tool_error_rate', subject: 'search' })
  expect(detected[0]!.explanation).toMatch(/of the newest calls of tool search fail/)
})

it('groups what goes wrong together into one incident', () => {
  const { watch, detected, random, now } = learned()
  for (let i = 0; i < 15; i++)
    task(watch, now + i * 2 * MINUTE, random, { inputTokens: 4000, durationMs: 9000, cost: 0.2 })
  expect(detected).toHaveLength(1)
  expect([...detected[0]!.signals.keys()].toSorted()).toEqual(['duration ', 'input_tokens ', 'unit_price '])
})

it('watches a number that is not in the spans', () => {
  const { watch, detected } = watching()
  const random = { seed: 9 }
  for (let i = 0; i < 600; i++) watch.gauge('writer', 'queue_size', 5 + nextRandom(random), i * MINUTE, { floor: 1 })
  for (let i = 600; i < 615; i++) watch.gauge('writer', 'queue_size', 40, i * MINUTE, { floor: 1 })
  expect(detected.map((i) => i.first.signal)).toEqual(['queue_size'])
  expect(detected[0]!.severity).toMatch(/high|critical/)
  expect(detected[0]!.explanation).toMatch(/^writer: queue_size is \d+(\.\d+)? where 5\.\d+ is usual\.$/)
})

it('is silent about a signal that is switched off, and needs more of a strict one', () => {
  const off = learned({ signals: { input_tokens: { enabled: false } } })
  const strict = learned({ signals: { input_tokens: { strictness: 50 } } })
  for (const { watch, random, now } of [off, strict])
    for (let i = 0; i < 10; i++) task(watch, now + i * 2 * MINUTE, random, { inputTokens: 4000 })
  expect(off.detected).toEqual([])
  expect(strict.detected).toEqual([])
})

it('needs less evidence at a higher sensitivity', () => {
  const firstAlarm = (sensitivity: number) => {
    const { watch, detected, random, now } = learned({ sensitivity })
    let tasks = 0
    while (detected.length === 0 && tasks < 200) task(watch, now + tasks++ * 2 * MINUTE, random, { inputTokens: 1500 })
    return tasks
  }
  expect(firstAlarm(2)).toBeLessThan(firstAlarm(0.5))
})

it('keeps the agents that were busy last, and counts those it let go', () => {
  const { watch } = watching({ maxAgents: 3 })
  for (let i = 0; i < 10; i++)
    watch.observe({ agent: `a${i}`, kind: 'chat', traceId: `t${i}`, failed: false, durationMs: 1, time: i * 1000 })
  expect(watch.summary()).toMatchObject({ agents: 3, evictedAgents: 7 })
})

it('bounds the series of an agent, and counts those it refused', () => {
  const { watch } = watching()
  for (let i = 0; i < 500; i++)
    watch.observe({ agent: 'a', kind: 'tool', tool: `tool${i}`, traceId: 't', failed: false, durationMs: 1, time: i })
  expect(watch.summary().refusedSeries).toBeGreaterThan(400)
})

it('bounds the traces that are open, and counts those it closed early', () => {
  const { watch } = watching()
  for (let i = 0; i < 5000; i++)
    watch.observe({ agent: 'a', kind: 'chat', traceId: `t${i}`, failed: false, durationMs: 1, time: i })
  expect(watch.summary().evictedTraces).toBe(1000)
})

it('counts incidents by agent, signal and severity', () => {
  const { watch, now } = learned()
  for (let i = 0; i < 10; i++)
    watch.observe({
      agent: 'writer',
      kind: 'tool',
      tool: 'search',
      traceId: `f${i}`,
      failed: true,
      durationMs: 100,
      time: now + i * 1000,
    })
  const { counts, open } = watch.summary()
  expect(counts.byAgent).toEqual({ writer: 1 })
  expect(counts.bySignal).toEqual({ tool_error_rate: 1 })
  expect(Object.values(counts.bySeverity)).toEqual([1])
  expect(open).toHaveLength(1)
})

it('does not forget over a restart: the same faults are found from a saved state', () => {
  const { spans, labels } = generateOffice(77)
  const middle = spans.findIndex((span) => span.end > labels.warmup_end)
  const feed = (watch: FleetWatch, list: GeneratedSpan[]) => {
    for (const span of list) watch.observe(observationOf(span))
  }
  const whole = watching()
  feed(whole.watch, spans)
  const before = watching()
  feed(before.watch, spans.slice(0, middle))
  const after = watching()
  expect(after.watch.restore(before.watch.save())).toBe(true)
  feed(after.watch, spans.slice(middle))
  const late = (incidents: Incident[]) =>
    incidents.filter((i) => i.startedAt > labels.warmup_end + HOUR).map((i) => `${i.agent} ${i.first.signal}`)
  expect(late(after.detected)).toEqual(late(whole.detected))
})

it('refuses a state it cannot read and goes on empty', () => {
  const { watch } = watching()
  for (const text of ['', 'null', '{"version":2,"agents":[]}', '[1]']) expect(watch.restore(text), text).toBe(false)
  expect(watch.summary().agents).toBe(0)
})

it('finds nine in ten of the faults of an office, with few false alarms', () => {
  const { spans, labels } = generateOffice(78)
  const watcher = fleetWatcher()
  for (const span of spans) watcher.observe(span)
  const GRACE = 15 * MINUTE
  const near = (alarm: { ts: number; agent: string }, e: (typeof labels.events)[number]) =>
    (alarm.agent === e.agent || alarm.agent === e.peer) && alarm.ts >= e.start && alarm.ts <= e.end + GRACE
  const found = labels.events.filter((e) => watcher.alarms.some((alarm) => near(alarm, e)))
  const falseAlarms = watcher.alarms.filter(
    (alarm) => alarm.ts > labels.warmup_end && !labels.events.some((e) => near(alarm, e)),
  )
  expect(found.length / labels.events.length).toBeGreaterThanOrEqual(0.9)
  expect(falseAlarms.length).toBeLessThanOrEqual(8)
})
