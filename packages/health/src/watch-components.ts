import { type Component, type JudgingOptions, judge } from './component.ts'
import { createComponents } from './components.ts'
import { stateOf } from './health-state.ts'
import { type HealthChange, observeHealth } from './health-telemetry.ts'
import { type Check, createProbe } from './probe.ts'

/** An agent or a worker, by its name. */
export type Who = { readonly agent: string } | { readonly worker: string }

/** Who lives. */
export type HeartbeatOptions = Who & {
  /** How often it says so, in ms; after three that did not come it counts as unhealthy. 30,000 by default. */
  readonly everyMs?: number
}

/** A question to an agent or a worker. */
export type PingOptions = Who & {
  readonly ping: Check
  /** 15,000 ms by default: more than an unhealthy response takes. */
  readonly timeoutMs?: number
  /** How long an answer holds, in ms; 10,000 by default. */
  readonly cacheMs?: number
}

/** How agents and workers are watched. */
export interface ComponentOptions extends JudgingOptions {
  /** How many. */
  readonly limit: number
  readonly now: () => number
  /** Told of each change of a state. */
  readonly changed: (change: HealthChange) => void
}

/** The agents and workers of a process. */
export interface WatchedComponents {
  find(kind: Component['kind'], name: string): Component | undefined
  heartbeat(options: HeartbeatOptions): void
  addPing(options: PingOptions): () => void
  /** Asks those that are to be asked, and judges all. Never rejects. */
  look(): Promise<Component[]>
  /** How many were not watched, because there was no room. */
  refused(): number
  close(): void
}

/** Those not seen for so long are forgotten. */
const DAY = 86_400_000

/** Watches agents and workers. */
export function watchComponents(options: ComponentOptions): WatchedComponents {
  const { now, windowMs } = options
  const components = createComponents(options.limit, now)
  let stopObserving: (() => void) | undefined
  let closed = false
  const judgeAll = (): Component[] => {
    components.forget(now() - Math.max(DAY, windowMs))
    const all = [...components.all()]
    for (const component of all) judgeOne(component, options)
    return all
  }
  const find = (kind: Component['kind'], name: string): Component | undefined => {
    // Not before there is something to tell: by then the host has registered its meter provider.
    if (!closed) stopObserving ??= observeHealth(judgeAll)
    return components.find(kind, name)
  }
  const named = (who: Who) => ('agent' in who ? find('agent', who.agent) : find('worker', who.worker))
  return {
    find,
    heartbeat(beat) {
      const component = named(beat)
      if (component === undefined) return
      component.lastSeen = now()
      component.heartbeat = { at: now(), everyMs: beat.everyMs ?? 30_000 }
    },
    addPing({ ping, timeoutMs = 15_000, cacheMs = 10_000, ...who }) {
      const component = named(who)
      if (component === undefined) return () => {}
      const probe = createProbe({ check: ping, timeoutMs, cacheMs, now })
      component.probe = probe
      return () => {
        if (component.probe !== probe) return
        component.probe = undefined
        component.ping = undefined
      }
    },
    async look() {
      await Promise.all([...components.all()].map(ask))
      return judgeAll()
    },
    refused: () => components.refused(),
    close() {
      closed = true
      stopObserving?.()
    },
  }
}

function judgeOne(component: Component, options: ComponentOptions): void {
  const issues = judge(component, options.now(), options)
  const { kind, name, state: from } = component
  const to = stateOf(kind, issues)
  component.state = to
  component.issues = issues.map(({ text }) => text)
  if (from !== to) options.changed({ kind, name, from, to, issues: component.issues })
}

async function ask(component: Component): Promise<void> {
  const { probe } = component
  if (probe === undefined) return
  const answer = await probe.run()
  // It may have been taken away while it was asked.
  if (component.probe !== probe) return
  component.ping = answer
  if (answer.problem === undefined) component.lastSeen = Math.max(component.lastSeen, answer.at)
}
