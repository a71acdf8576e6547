import { diag } from '@opentelemetry/api'
import { guard, guardPromise } from '@agentel/api'
import { type Account, unsavedOf, usageOf } from './budget-account.ts'
import type { BudgetKeeper, KeeperParts } from './budget-keeper.ts'
import type { Lease, LeaseRequest, LeaseServer } from './lease-server.ts'

/** How often the server is asked about a budget that is in use, and retried after a failure, in milliseconds. */
const ASK_EVERY = 200
const SAVE_EVERY = 100
const MAX_FLUSH_ATTEMPTS = 5

/** What this process knows about its lease of an account. */
interface Standing {
  amount: number
  until: number
  askedAt: number
  /** What was sent and not answered: sent again as it was, so that it counts once. */
  sent?: LeaseRequest | undefined
  asking?: Promise<boolean> | undefined
}

function openStanding(): Standing {
  return { amount: 0, until: 0, askedAt: -Infinity }
}

function sumOf(spent: LeaseRequest['spent']): number {
  return spent.reduce((sum, [, amount]) => sum + amount, 0)
}

/** The spend that the server now knows is no longer unsaved. */
function settle(account: Account, { spent }: LeaseRequest, { slots }: Lease): void {
  for (const [slot, amount] of spent) {
    const rest = (account.unsaved.get(slot) ?? 0) - amount
    if (Math.abs(rest) < 1e-12) account.unsaved.delete(slot)
    else account.unsaved.set(slot, rest)
  }
  account.slots.clear()
  for (const [slot, amount] of slots) account.slots.set(slot, amount)
  for (const [slot, amount] of account.unsaved) account.slots.set(slot, (account.slots.get(slot) ?? 0) + amount)
}

/** Keeps spend on a server and spends from a lease; processes of several machines share it so. */
export function leaseKeeper(server: LeaseServer, leaseMs: number, parts: KeeperParts): BudgetKeeper {
  const { accounts, tell, now } = parts
  const standings = new WeakMap<Account, Standing>()
  let away = false
  let closed = false
  // Of all accounts together: one that was forgotten and is opened anew must not begin at a number that was counted.
  let sequence = 0
  let timer: NodeJS.Timeout | undefined
  const standingOf = (account: Account): Standing => {
    let standing = standings.get(account)
    if (standing === undefined) standings.set(account, (standing = openStanding()))
    return standing
  }
  /** @param spending whether the process is at spending its lease, all of which it then may need before the answer */
  const requestOf = (account: Account, standing: Standing, spending: boolean): LeaseRequest => {
    const { budget, key, window } = account
    const left = now() < standing.until ? Math.max(0, standing.amount - unsavedOf(account)) : 0
    // Half of what lies idle is given back each time.
    const reserve = spending ? left : left / 2
    return { budget, key, window, sequence: ++sequence, spent: [...account.unsaved], reserve }
  }
  const exchange = async (account: Account, standing: Standing, spending: boolean): Promise<boolean> => {
    standing.askedAt = now()
    const request = (standing.sent ??= requestOf(account, standing, spending))
    try {
      const lease = await server.ask(request)
      standing.sent = undefined
      settle(account, request, lease)
      Object.assign(standing, { amount: lease.amount, until: standing.askedAt + leaseMs })
      away = false
      const added = usageOf(account, new Map(request.spent))
      // What was spent while the server was asked is not in its sum, and will be told when it is.
      guard('budget.tell', () => tell(account, added, usageOf(account, lease.slots)))
      return true
    } catch (error) {
      if (!away) {
        const reason = error instanceof Error ? error.message : String(error)
        diag.warn(`agentel: budgets on ${server.address}: ${reason}. Spend is kept here until it answers.`)
      }
      away = true
      return false
    }
  }
  const ask = (account: Account, spending = false): Promise<boolean> => {
    const standing = standingOf(account)
    standing.asking ??= exchange(account, standing, spending).finally(() => {
      standing.asking = undefined
    })
    return standing.asking
  }
  const askSoon = (account: Account): void => {
    if (!closed && now() - standingOf(account).askedAt > ASK_EVERY) void guardPromise('budget.ask', () => ask(account))
  }
  const unsaved = () => accounts().filter(({ unsaved: amounts }) => amounts.size > 0)
  const saveSoon = (): void => {
    if (timer !== undefined || closed) return
    timer = setTimeout(() => {
      timer = undefined
      const waiting = unsaved()
      waiting.forEach(askSoon)
      if (waiting.length > 0) saveSoon()
    }, SAVE_EVERY).unref()
  }
  const flush = async (): Promise<void> => {
    for (let attempt = 0; attempt < MAX_FLUSH_ATTEMPTS;) {
      const waiting = unsaved()
      if (waiting.length === 0) return
      const answered = await Promise.all(waiting.map((account) => ask(account)))
      if (!answered.every(Boolean)) {
        attempt++
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
    throw new Error(`budget server ${server.address} does not answer: spend is not saved yet`)
  }
  return {
    keeps: true,
    refresh: askSoon,
    charged(account) {
      const standing = standingOf(account)
      // Half of the lease is spent: the next one should be there before it is used up.
      if (!away && !closed && unsavedOf(account) * 2 >= standing.amount) {
        void guardPromise('budget.ask', () => ask(account, true))
      }
      saveSoon()
      return true
    },
    isBeyondLease(account) {
      const { sent, amount, until } = standingOf(account)
      const spent = unsavedOf(account)
      // Without a lease one call may go ahead. A server that is away must not stop the application: then what is known
      // here has to do.
      if (now() >= until) return spent > 0 && !away
      // While the server is asked it may give all but the reserve to others.
      return sent === undefined ? spent >= amount : spent - sumOf(sent.spent) >= sent.reserve
    },
    flush,
    async close() {
      clearTimeout(timer)
      await flush().finally(() => {
        closed = true
        return server.close()
      })
    },
  }
}
