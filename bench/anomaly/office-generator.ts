import { nextRandom } from '../../packages/detectors/src/index.ts'
import type { GeneratedSpan, Labels } from './corpus.ts'
import { planFaults, type OfficeFault, type OfficeFaultKind } from './office-faults.ts'

/**
 * A second, independent generator: five agents of an office on two providers. Work comes in sessions that excite more
 * work, with two peaks and a dip at lunch; providers wander slowly; latencies have heavy tails; tools fail in streaks
 * and are retried once as a matter of course; contexts grow by what was said. None of that must alarm.
 */
interface Agent {
  name: string
  provider: string
  model: string
  perHour: number
  tools: { name: string; ms: number; errors: number; failing: boolean }[]
  answer: number
  prompt: number
  steps: number
  price: [number, number]
}

const MINUTE = 60_000
const DAY = 86_400_000
const START = Date.parse('2026-05-04T00:00:00Z')
const DAYS = 10
const QUIET_DAYS = 3

interface World {
  random: () => number
  normal: () => number
  spans: GeneratedSpan[]
  faults: OfficeFault[]
  agents: Agent[]
  drift: Record<string, number>
  ids: number
}

export function generateOffice(seed: number): { spans: GeneratedSpan[]; labels: Labels } {
  const state = { seed }
  const random = () => nextRandom(state)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const agents = ['intake', 'drafting', 'research', 'compliance', 'scheduling'].map((name, i) =>
    newAgent(name, i, random, normal),
  )
  const end = START + DAYS * DAY
  const faults = planFaults(agents, START + QUIET_DAYS * DAY, end, random)
  const world: World = { random, normal, spans: [], faults, agents, drift: { north: 0, south: 0 }, ids: 0 }
  const busy = Array.from({ length: DAYS }, () => Math.exp(0.15 * normal()))

  const excited = new Map<string, number>()
  for (let minute = 0; minute < DAYS * 1440; minute++) {
    const time = START + minute * MINUTE
    for (const provider of Object.keys(world.drift))
      world.drift[provider] = 0.985 * world.drift[provider]! + 0.02 * normal()
    for (const agent of agents) {
      const base = (agent.perHour / 60) * hourly(time) * busy[Math.floor(minute / 1440)]!
      const wanted = (base + (excited.get(agent.name) ?? 0)) * volume(world, agent.name, time)
      const runs = poisson(wanted, random)
      excited.set(agent.name, (excited.get(agent.name) ?? 0) * 0.8 + runs * 0.04)
      for (let i = 0; i < runs; i++) run(world, agent, time + random() * MINUTE)
      if (minute % 1440 === 150) for (let i = 0; i < 6; i++) run(world, agent, time + i * 20_000, 3)
    }
  }
  world.spans.sort((a, b) => a.end - b.end)
  const events = faults.map(({ kind, agent, peer, start, end: until }, id) => ({
    id,
    kind,
    agent,
    ...(peer ? { peer } : {}),
    start,
    end: until,
  }))
  return {
    spans: world.spans,
    labels: { start: START, end, warmup_end: START + QUIET_DAYS * DAY, agents: agents.map((a) => a.name), events },
  }
}

function newAgent(name: string, i: number, random: () => number, normal: () => number): Agent {
  return {
    name,
    provider: i % 2 === 0 ? 'north' : 'south',
    model: i % 2 === 0 ? 'north-standard' : 'south-standard',
    perHour: 25 + 45 * random(),
    tools: Array.from({ length: 2 + Math.floor(random() * 2) }, (_, k) => ({
      name: `${name}.tool${k}`,
      ms: 200 * Math.exp(0.7 * normal()),
      errors: 0.01 + 0.02 * random(),
      failing: false,
    })),
    answer: 120 + 300 * random(),
    prompt: 600 + 1500 * random(),
    steps: 2 + 2 * random(),
    price: [0.002, 0.008],
  }
}

/** Two peaks a day, a dip at lunch, half of it at the weekend. */
function hourly(time: number): number {
  const hour = (time / 3_600_000) % 24
  const peak = (at: number, width: number) => Math.exp(-(((hour - at) / width) ** 2))
  const weekend = new Date(time).getUTCDay() % 6 === 0 ? 0.5 : 1
  return (0.15 + 1.3 * peak(10.5, 2.2) + 1.2 * peak(15.5, 2.5)) * weekend
}

function poisson(mean: number, random: () => number): number {
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = random(); product > limit; product *= random()) count++
  return count
}

/** The fault of this kind that the agent has at this time, and how far it has come (0 to 1). */
function faultOf(
  world: World,
  agent: string,
  kind: OfficeFaultKind,
  time: number,
): (OfficeFault & { progress: number }) | undefined {
  const fault = world.faults.find(
    (f) => f.kind === kind && (f.agent === agent || f.peer === agent) && time >= f.start && time < f.end,
  )
  return fault && { ...fault, progress: (time - fault.start) / (fault.end - fault.start) }
}

function volume(world: World, agent: string, time: number): number {
  const silence = faultOf(world, agent, 'half_silence', time)
  if (silence) return 1 - silence.size
  return faultOf(world, agent, 'flood', time)?.size ?? 1
}

interface Run {
  world: World
  trace: string
  time: number
  context: number
  totals: { input: number; output: number; cost: number }
  failed: boolean
}

/** One task: calls and tools in turn, now and then a part of it done by another agent. */
function run(world: World, agent: Agent, time: number, length = 1): void {
  const started = time
  const r: Run = {
    world,
    trace: `t${(world.ids++).toString(36)}`,
    time,
    context: 0,
    totals: { input: 0, output: 0, cost: 0 },
    failed: false,
  }
  const twice = faultOf(world, agent.name, 'duplicate_work', time)
  work(r, agent, length * (twice ? twice.size : 1))
  const loop = faultOf(world, agent.name, 'hot_loop', time)
  if (loop && world.random() < 0.5) for (let i = 0; i < loop.size / 2; i++) step(r, agent)
  const handback = faultOf(world, agent.name, 'handback', time)
  if (handback && world.random() < 0.6) pingPong(r, handback)
  else if (world.random() < 0.2) {
    const other = world.agents[Math.floor(world.random() * world.agents.length)]!
    if (other !== agent) {
      handOver(r, agent.name, other.name)
      work(r, other, 0.6)
    }
  }
  emit(r, {
    agent: agent.name,
    kind: 'invoke_agent',
    start: started,
    duration: r.time - started,
    failed: r.failed,
    input: r.totals.input,
    output: r.totals.output,
    cost: r.totals.cost,
  })
}

function work(r: Run, agent: Agent, share: number): void {
  const steps = 1 + poisson(agent.steps * share - 0.5, r.world.random)
  for (let i = 0; i < steps; i++) step(r, agent)
  chat(r, agent)
}

function step(r: Run, agent: Agent): void {
  chat(r, agent)
  if (r.world.random() < 0.8) useTool(r, agent, Math.floor(r.world.random() * agent.tools.length))
}

function pingPong(r: Run, fault: OfficeFault): void {
  const pair = [fault.agent, fault.peer ?? fault.agent].map((name) => r.world.agents.find((a) => a.name === name)!)
  for (let i = 0; i < fault.size; i++) {
    handOver(r, pair[i % 2]!.name, pair[(i + 1) % 2]!.name)
    chat(r, pair[(i + 1) % 2]!)
  }
}

function handOver(r: Run, from: string, to: string): void {
  emit(r, { agent: from, kind: 'handoff', start: r.time, duration: 4, failed: false, target: to })
}

function chat(r: Run, agent: Agent): void {
  const { world } = r
  const now = r.time
  const trouble = faultOf(world, agent.name, 'provider_trouble', now)
  const truncated = faultOf(world, agent.name, 'truncated_answers', now)
  const leak = faultOf(world, agent.name, 'context_leak', now)
  const premium = faultOf(world, agent.name, 'premium_model', now)
  const input =
    (agent.prompt * Math.exp(0.3 * world.normal()) + r.context) *
    (leak ? 1 + (leak.size - 1) * Math.min(1, 0.3 + leak.progress) : 1)
  const output = Math.max(1, agent.answer * Math.exp(0.55 * world.normal()) * (truncated?.size ?? 1))
  const tail = world.random() < 0.02 ? 4 : 1
  const pace = Math.exp(world.drift[agent.provider]! + 0.25 * world.normal()) * (trouble?.size ?? 1) * tail
  const failed = world.random() < (trouble ? 0.15 : 0.004)
  const dear = premium && world.random() < 0.8 ? premium.size : 1
  const cost = failed ? 0 : ((input * agent.price[0] + output * agent.price[1]) / 1000) * dear
  emit(r, {
    agent: agent.name,
    kind: 'chat',
    start: now,
    duration: (350 + 9 * output) * pace,
    failed,
    model: dear > 1 ? `${agent.provider}-premium` : agent.model,
    ...(failed ? {} : { input, output, cost }),
  })
  if (failed) r.failed ||= world.random() < 0.4
  else {
    r.context += output + 150
    r.totals.input += input
    r.totals.output += output
    r.totals.cost += cost
  }
}

/** A tool fails in streaks; a failed call is tried once more. */
function useTool(r: Run, agent: Agent, index: number): void {
  const { world } = r
  const tool = agent.tools[index]!
  const stuck = faultOf(world, agent.name, 'stuck_tool', r.time)
  const flapping = faultOf(world, agent.name, 'flapping_tool', r.time)
  const decay = faultOf(world, agent.name, 'slow_decay', r.time)
  let chance = tool.failing ? 0.5 : tool.errors
  if (flapping?.tool === index && Math.floor((r.time - flapping.start) / (6 * MINUTE)) % 2 === 0) chance = flapping.size
  if (decay?.tool === index) chance = Math.max(chance, decay.size * decay.progress)
  for (let attempt = 0; attempt < 2; attempt++) {
    const failed = world.random() < chance
    tool.failing = failed && world.random() < 0.3
    emit(r, {
      agent: agent.name,
      kind: 'execute_tool',
      start: r.time,
      duration: tool.ms * Math.exp(0.5 * world.normal()) * (stuck?.tool === index ? stuck.size : 1),
      failed,
      tool: tool.name,
      ...(attempt > 0 ? { retry: attempt } : {}),
    })
    if (!failed) return
  }
  r.failed ||= world.random() < 0.3
}

function emit(
  r: Run,
  o: {
    agent: string
    kind: GeneratedSpan['kind']
    start: number
    duration: number
    failed: boolean
    model?: string
    tool?: string
    target?: string
    input?: number
    output?: number
    cost?: number
    retry?: number
  },
): void {
  const end = Math.round(o.start + o.duration)
  r.world.spans.push({
    ts: Math.round(o.start),
    end,
    trace_id: r.trace,
    agent: o.agent,
    kind: o.kind,
    duration_ms: o.duration,
    error: o.failed,
    ...(o.model === undefined ? {} : { model: o.model }),
    ...(o.tool === undefined ? {} : { tool: o.tool }),
    ...(o.target === undefined ? {} : { target: o.target }),
    ...(o.input === undefined ? {} : { tokens_in: Math.round(o.input) }),
    ...(o.output === undefined ? {} : { tokens_out: Math.round(o.output) }),
    ...(o.cost === undefined ? {} : { cost: o.cost }),
    ...(o.retry === undefined ? {} : { retry: o.retry }),
  })
  if (o.kind !== 'invoke_agent') r.time = end + 10
}
