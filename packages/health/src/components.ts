import { type Component, newComponent } from './component.ts'

/** The agents and workers of a process, so many and no more. */
export interface Components {
  /** The one of that name, made if it is new; undefined when there is no room, which is counted. */
  find(kind: Component['kind'], name: string): Component | undefined
  all(): Iterable<Component>
  /** Forgets those that were last seen before `since` (ms since the epoch), unless they are asked. */
  forget(since: number): void
  /** How often one was not watched because there was no room. */
  refused(): number
}

/** @param limit how many are watched */
export function createComponents(limit: number, now: () => number): Components {
  const known = { agent: new Map<string, Component>(), worker: new Map<string, Component>() }
  let refused = 0
  return {
    find(kind, name) {
      const found = known[kind].get(name)
      if (found !== undefined) return found
      if (known.agent.size + known.worker.size >= limit) {
        refused++
        return undefined
      }
      const made = newComponent(kind, name, now())
      known[kind].set(name, made)
      return made
    },
    *all() {
      yield* known.agent.values()
      yield* known.worker.values()
    },
    forget(since) {
      for (const map of Object.values(known)) {
        for (const [name, { lastSeen, probe }] of map) {
          if (lastSeen < since && probe === undefined) map.delete(name)
        }
      }
    },
    refused: () => refused,
  }
}
