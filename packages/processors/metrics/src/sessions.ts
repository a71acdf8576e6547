import { countLoss, hashOf } from '@agentel/api'
import {
  METRIC_AGENTEL_SESSION_ACTIVE,
  METRIC_AGENTEL_SESSION_COST,
  METRIC_AGENTEL_SESSION_DURATION,
  METRIC_AGENTEL_SESSION_QUERIES,
} from '@agentel/semconv'
import { instrumentOf } from './measure.ts'
import type { RowStore } from './row-store.ts'

interface Session {
  start: number
  last: number
  /** When a span of it was last seen: spans may tell of times long ago (a replay), idleness is of now. */
  seen: number
  queries: number
  cost: number
}

/** What a span adds to its session; times in milliseconds since 1970. */
export interface SessionActivity {
  readonly id: string
  readonly start: number
  readonly end: number
  readonly queries: number
  readonly cost: number
}

/** Watches sessions from their first span until they end or nothing happens in them any more. */
export interface Sessions {
  touch(activity: SessionActivity): void
  /** Ends one session now; false when it is not known. */
  end(id: string): boolean
  /** Ends those that have been idle for too long. */
  expire(now: number): void
  endAll(): void
}

/** Limits of what is remembered of sessions. */
export interface SessionOptions {
  /** Milliseconds without a span after which a session is over. */
  readonly idleTimeout: number
  /** Sessions that are watched at a time; the one that was idle longest is ended to make room, and counted as a loss. */
  readonly maxSessions: number
}

/** Longer ids are told apart by their digests, for what is remembered of a session has to have a bound. */
const LONGEST_ID = 256

function keyOf(id: string): string {
  return id.length <= LONGEST_ID ? id : (hashOf(Buffer.from(id)) ?? id)
}

/** Sessions are told apart by `session.id`, which never gets onto a metric. */
export function createSessions(store: RowStore, options: SessionOptions): Sessions {
  const active = instrumentOf(store, METRIC_AGENTEL_SESSION_ACTIVE)
  const duration = instrumentOf(store, METRIC_AGENTEL_SESSION_DURATION)
  const queries = instrumentOf(store, METRIC_AGENTEL_SESSION_QUERIES)
  const cost = instrumentOf(store, METRIC_AGENTEL_SESSION_COST)
  // The order of the map is that of the last activity: the first is the one that has been idle longest.
  const sessions = new Map<string, Session>()
  const endKey = (key: string): boolean => {
    const session = sessions.get(key)
    if (session === undefined) return false
    sessions.delete(key)
    active({}, -1)
    duration({}, (session.last - session.start) / 1000)
    queries({}, session.queries)
    cost({}, session.cost)
    return true
  }
  const expire = (now: number): void => {
    for (const [key, session] of sessions) {
      const isIdle = now - session.seen >= options.idleTimeout
      if (!isIdle && sessions.size <= options.maxSessions) return
      // Its next span begins another one: what is told of sessions is no longer exact.
      if (!isIdle) countLoss('metrics.sessions', 1)
      endKey(key)
    }
  }
  return {
    touch(activity) {
      const now = Date.now()
      expire(now)
      const key = keyOf(activity.id)
      const known = sessions.get(key)
      const session = known ?? { start: activity.start, last: activity.end, seen: now, queries: 0, cost: 0 }
      session.seen = now
      // What is inside ends first, and began later.
      session.start = Math.min(session.start, activity.start)
      session.last = Math.max(session.last, activity.end)
      session.queries += activity.queries
      session.cost += activity.cost
      sessions.delete(key)
      sessions.set(key, session)
      if (known === undefined) {
        active({}, 1)
        expire(now)
      }
    },
    end: (id) => endKey(keyOf(id)),
    expire,
    endAll: () => void [...sessions.keys()].forEach(endKey),
  }
}
