/** The faults of the office: other kinds and other shapes than the published generator's. */
export const OFFICE_FAULTS = {
  provider_trouble: { count: 2, minutes: [30, 120], size: [1.8, 4] },
  flapping_tool: { count: 4, minutes: [60, 120], size: [0.7, 0.95] },
  slow_decay: { count: 3, minutes: [180, 360], size: [0.4, 0.7] },
  truncated_answers: { count: 3, minutes: [30, 120], size: [0.1, 0.3] },
  stuck_tool: { count: 4, minutes: [20, 90], size: [6, 20] },
  context_leak: { count: 3, minutes: [60, 180], size: [2, 4] },
  premium_model: { count: 3, minutes: [20, 90], size: [3, 8] },
  half_silence: { count: 4, minutes: [60, 150], size: [0.88, 1] },
  duplicate_work: { count: 3, minutes: [40, 120], size: [2, 3] },
  hot_loop: { count: 3, minutes: [20, 40], size: [40, 100] },
  flood: { count: 2, minutes: [30, 60], size: [7, 12] },
  handback: { count: 3, minutes: [30, 90], size: [4, 10] },
} as const satisfies Record<
  string,
  { count: number; minutes: readonly [number, number]; size: readonly [number, number] }
>

export type OfficeFaultKind = keyof typeof OFFICE_FAULTS

/** One fault that happens: to which agent, when, how strong. */
export interface OfficeFault {
  kind: OfficeFaultKind
  agent: string
  peer: string | undefined
  start: number
  end: number
  size: number
  /** Index of the tool concerned. */
  tool: number
}

const GAP = 90 * 60_000

/** Draws a plan: faults of one agent never overlap, and none falls into the first days. */
export function planFaults(
  agents: readonly { name: string; provider: string; tools: readonly unknown[] }[],
  from: number,
  until: number,
  random: () => number,
): OfficeFault[] {
  const plan: OfficeFault[] = []
  const between = ([low, high]: readonly [number, number]) => low + random() * (high - low)
  const free = (name: string, start: number, end: number) =>
    plan.every((f) => (f.agent !== name && f.peer !== name) || f.end + GAP < start || f.start - GAP > end)

  for (const [kind, { count, minutes, size }] of Object.entries(OFFICE_FAULTS) as [
    OfficeFaultKind,
    (typeof OFFICE_FAULTS)[OfficeFaultKind],
  ][]) {
    for (let placed = 0, tries = 0; placed < count && tries < 400; tries++) {
      const agent = agents[Math.floor(random() * agents.length)]!
      const start = from + random() * (until - from - 8 * 3_600_000)
      const end = start + between(minutes) * 60_000
      const hour = (start / 3_600_000) % 24
      const weekend = new Date(start).getUTCDay() % 6 === 0
      // Nobody can miss work that was not to be done.
      if (
        (kind === 'half_silence' || kind === 'hot_loop' || kind === 'duplicate_work') &&
        (hour < 8 || hour > 17 || weekend)
      )
        continue
      const concerned = kind === 'provider_trouble' ? agents.filter((a) => a.provider === agent.provider) : [agent]
      const peer = kind === 'handback' ? agents.find((a) => a !== agent && free(a.name, start, end))?.name : undefined
      if (!concerned.every((a) => free(a.name, start, end))) continue
      const strength = between(size)
      const tool = Math.floor(random() * agent.tools.length)
      for (const a of concerned) plan.push({ kind, agent: a.name, peer, start, end, size: strength, tool })
      placed++
    }
  }
  return plan
}
