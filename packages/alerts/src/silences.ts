import type { Alert, Silence } from './alert.ts'

/** The silences of one evaluator. */
export interface Silences {
  add(silence: Omit<Silence, 'id'>): Silence
  end(id: string): boolean
  list(): Silence[]
  covers(alert: Pick<Alert, 'rule' | 'labels'>): boolean
}

/** Keeps silences until they end. */
export function createSilences(now: () => number, saved: readonly Silence[] = []): Silences {
  const held = new Map<string, Silence>(saved.map((silence) => [silence.id, silence]))
  let made = Math.max(0, ...saved.map(({ id }) => Number(id.replace('silence-', '')) || 0))
  const live = (): Silence[] => {
    for (const { id, until } of held.values()) if (until <= now()) held.delete(id)
    return [...held.values()]
  }
  return {
    add(silence) {
      if (!(silence.until > now())) throw new RangeError('until: a silence must end in the future')
      made += 1
      const added = { ...silence, id: `silence-${made}` }
      held.set(added.id, added)
      return added
    },
    end: (id) => held.delete(id),
    list: live,
    covers: (alert) =>
      live().some(
        ({ rule, labels }) =>
          (rule === undefined || rule === alert.rule) &&
          Object.entries(labels ?? {}).every(([key, value]) => alert.labels[key] === value),
      ),
  }
}
