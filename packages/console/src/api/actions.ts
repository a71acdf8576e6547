import type { IncomingMessage } from 'node:http'
import type { ConsoleAlerts } from '../alerts/console-alerts.ts'
import { BadQuery } from '../query/bad-query.ts'
import type { Forgotten } from '../store/forget-user.ts'
import { ALERT_ACTIONS } from './alert-actions.ts'
import type { SchemaName } from './generated/schemas.ts'
import { compilePaths } from './paths.ts'

/** What the API can have done, beside answering. */
export interface ConsoleActions {
  readonly alerts: ConsoleAlerts
  forgetUser(user: string): Promise<Forgotten>
}

/** What an action works with. */
export interface ActionContext {
  readonly actions: ConsoleActions
  /** Values of the path's `{names}`, decoded, in order. */
  readonly path: readonly string[]
  /** The JSON of the request's body. @throws BadQuery when it is none, or larger than 64 KiB */
  body(): Promise<unknown>
}

/** One request of the API that changes something. The answer is sent as JSON. */
export interface Action {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  /** As OpenAPI writes it, e.g. `/api/users/{id}`. */
  readonly path: string
  readonly summary: string
  /** The type of the request's body, if it has one, and of the answer, of `contract.ts`. */
  readonly takes?: SchemaName
  readonly gives: SchemaName
  readonly run: (context: ActionContext) => Promise<unknown>
}

/** All actions. */
export const ACTIONS: readonly Action[] = [
  {
    method: 'DELETE',
    path: '/api/users/{id}',
    gives: 'ForgottenUser',
    summary: 'Erase everything of a user',
    run: ({ actions, path }) => actions.forgetUser(path[0]!),
  },
  ...ALERT_ACTIONS,
]

const find = compilePaths(ACTIONS)

/** The action of a request with the values in its path; undefined when there is none. */
export function findAction(method: string, pathname: string): { entry: Action; path: string[] } | undefined {
  return find(pathname, (action) => action.method === method)
}

const MAX_BODY = 64 * 1024

/** Reads a small JSON body. */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length
    if (bytes > MAX_BODY) throw new BadQuery(`the body is larger than ${MAX_BODY} bytes`)
    chunks.push(chunk as Buffer)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}')
  } catch {
    throw new BadQuery('the body is not JSON')
  }
}
