import { randomUUID } from 'node:crypto'
import { withoutTracing } from '@agentel/api'
import type { Budget } from './budget-options.ts'
import { BudgetStoreError } from './budget-store.ts'
import { storedKey } from './stored-key.ts'

/** What a process has spent of a budget since it last asked, and that it asks for more. */
export interface LeaseRequest {
  readonly budget: Budget
  readonly key: string
  /** Counts the requests of this process; one that is sent again under its number counts once. */
  readonly sequence: number
  /** Spend by the start of its slot. */
  readonly spent: readonly (readonly [slot: number, amount: number])[]
  /** What of its lease this process may still spend before it hears the answer: that is not leased to others. */
  readonly reserve: number
  /** The window over which spend counts, milliseconds since 1970. */
  readonly window: { readonly start: number; readonly end: number }
}

/** What all processes have spent, and what this one may spend before it asks again. */
export interface Lease {
  readonly amount: number
  /** Spend of all processes by slot. */
  readonly slots: ReadonlyMap<number, number>
}

/** A Redis or Valkey server that keeps spend and divides what is left. */
export interface LeaseServer {
  /** Shown in messages; without user name and password. */
  readonly address: string
  ask(request: LeaseRequest): Promise<Lease>
  close(): Promise<void>
}

/** How long a lease holds, in milliseconds: what a process that was killed has leased comes back after it. */
export const LEASE_MS = 10_000

const ANSWER_WITHIN_MS = 1000
const TRY_AGAIN_AFTER_MS = 250
const DAY = 24 * 3_600_000

/*
 * One step on the server: adds the spend (unless this request was counted before), sums up the window, gives the
 * process's old lease back and leases it half of what nobody has; but a hundredth of the limit at least, so that the
 * end of a budget is not reached in ever smaller steps, and what the process may be spending meanwhile.
 * KEYS: spend by slot, leases by process. ARGV: process, sequence, start of window, limit, ms of a lease, ms to keep
 * all of it, reserve, then slot and amount in turn.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local process, sequence, start, limit = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local mine = redis.call('HGET', KEYS[2], process)
local counted = mine and tonumber(string.match(mine, '^%d+')) or 0
if sequence > counted then
  for i = 8, #ARGV, 2 do redis.call('HINCRBYFLOAT', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
local used, answer = 0, {}
local spend = redis.call('HGETALL', KEYS[1])
for i = 1, #spend, 2 do
  if tonumber(spend[i]) < start then
    redis.call('HDEL', KEYS[1], spend[i])
  else
    used = used + tonumber(spend[i + 1])
    answer[#answer + 1] = spend[i]
    answer[#answer + 1] = spend[i + 1]
  end
end
local leased = 0
local leases = redis.call('HGETALL', KEYS[2])
for i = 1, #leases, 2 do
  if leases[i] ~= process then
    local amount, till = string.match(leases[i + 1], '^%d+ (%S+) (%d+)$')
    if tonumber(till) > now then
      leased = leased + tonumber(amount)
    elseif tonumber(till) + 3600000 < now then
      redis.call('HDEL', KEYS[2], leases[i])
    end
  end
end
local free = math.max(0, limit - used - leased)
local lease = math.max(free / 2, math.min(free, math.max(limit / 100, tonumber(ARGV[7]))))
redis.call('HSET', KEYS[2], process, string.format('%d %.17g %d', math.max(sequence, counted), lease, now + ARGV[5]))
redis.call('PEXPIRE', KEYS[1], ARGV[6])
redis.call('PEXPIRE', KEYS[2], ARGV[6])
table.insert(answer, 1, string.format('%.17g', lease))
return answer
`

type Client = import('@redis/client').RedisClientType

async function loadRedis(): Promise<typeof import('@redis/client')> {
  try {
    return await import('@redis/client')
  } catch (error) {
    throw new BudgetStoreError('budgets on a Redis server need the package @redis/client: npm install @redis/client', {
      cause: error,
    })
  }
}

async function connect(url: string, onEnd: () => void): Promise<Client> {
  const redis = await loadRedis()
  const client = redis.createClient({
    url,
    disableOfflineQueue: true,
    // Its own attempts to connect again would keep the process alive; the next question connects again.
    socket: { connectTimeout: ANSWER_WITHIN_MS, reconnectStrategy: false },
  })
  // An unheard 'error' event would end the process; what failed shows in the answers.
  client.on('error', onEnd)
  client.on('end', onEnd)
  client.unref()
  await client.connect()
  return client as unknown as Client
}

function addressOf(url: string): string {
  const { protocol, host, pathname } = URL.parse(url) ?? {}
  // Not the address itself: there may be a password in it.
  if (!host || (protocol !== 'redis:' && protocol !== 'rediss:'))
    throw new BudgetStoreError('budgets: the address of the Redis server must be such as redis://host:6379')
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
}

function within<T>(work: Promise<T>, address: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${address} did not answer within ${ANSWER_WITHIN_MS} ms`)),
      ANSWER_WITHIN_MS,
    )
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

function argumentsOf(process: string, request: LeaseRequest, leaseMs: number): string[] {
  const { budget, sequence, spent, reserve, window } = request
  const keepFor = Math.max(window.end - window.start, 0) + 2 * DAY
  const head = [process, sequence, window.start, budget.limit, leaseMs, keepFor, reserve]
  return [...head, ...spent.flat()].map(String)
}

function leaseOf([amount, ...pairs]: readonly string[]): Lease {
  const slots = new Map<number, number>()
  for (let index = 0; index < pairs.length; index += 2) slots.set(Number(pairs[index]), Number(pairs[index + 1]))
  return { amount: Number(amount), slots }
}

/**
 * A Redis or Valkey server, connected to when it is first asked.
 * @throws {BudgetStoreError} for an address that is none
 */
export function leaseServer(url: string, leaseMs: number = LEASE_MS): LeaseServer {
  const address = addressOf(url)
  const process = randomUUID()
  let connecting: Promise<Client> | undefined
  let failedAt = -Infinity
  let failure: unknown
  const forget = (): void => {
    connecting = undefined
  }
  const connected = (): Promise<Client> => {
    if (connecting !== undefined) return connecting
    if (performance.now() - failedAt < TRY_AGAIN_AFTER_MS) return Promise.reject(failure)
    connecting = connect(url, forget)
    connecting.catch((error: unknown) => {
      forget()
      failedAt = performance.now()
      failure = error
    })
    return connecting
  }
  return {
    address,
    ask(request) {
      // The braces put both keys on the same node of a cluster.
      const name = `agentel:budget:{${JSON.stringify([request.budget.name, storedKey(request.key)])}}`
      const script = { keys: [`${name}:spend`, `${name}:leases`], arguments: argumentsOf(process, request, leaseMs) }
      const answer = withoutTracing(async () => (await connected()).eval(SCRIPT, script))
      return within(answer, address).then((texts) => leaseOf(texts as string[]))
    },
    async close() {
      const client = await connecting?.catch(() => undefined)
      forget()
      client?.destroy()
    },
  }
}
