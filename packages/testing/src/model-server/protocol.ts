import type { Exchange } from './exchange.ts'
import type { Identifiers } from './identifiers.ts'
import type { PromptCache } from './prompt-cache.ts'
import type { Fault, Scenario } from './reply.ts'
import type { CountTokens } from './token-counter.ts'

/** What the server gives to every endpoint. */
export interface Services {
  readonly scenario: Scenario
  readonly countTokens: () => Promise<CountTokens>
  readonly apiKeys: readonly string[] | undefined
  readonly models: readonly string[] | undefined
  readonly promptCache: PromptCache | undefined
  readonly seed: string | undefined
  /** A running number for each request that reaches a model. */
  readonly nextIndex: () => number
  /** Answers that can be fetched again, by id; the oldest is forgotten when there are too many. */
  readonly stored: Map<string, Record<string, unknown>>
}

/** One endpoint: the first group of `path` is handed over as `id`. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: RegExp
  readonly handle: (exchange: Exchange, services: Services, id: string | undefined) => Promise<void> | void
}

/** A provider's HTTP protocol: one folder each, added to the list in start-model-server.ts. */
export interface Protocol {
  readonly routes: readonly Route[]
  /** Whether paths like this one are this provider's. */
  owns(pathname: string): boolean
  requestIdOf(identifiers: Identifiers): string
  /** Why the request may not pass, or nothing. */
  authorize(exchange: Exchange, services: Services): Fault | undefined
  respondFault(exchange: Exchange, fault: Fault, headers?: Readonly<Record<string, string>>): void
  readonly unreadableBody: Fault
  unknownRoute(exchange: Exchange): unknown
}
