import { respondJson } from '../exchange.ts'
import type { Route } from '../protocol.ts'
import { respondFault, serviceHeaders } from './errors.ts'

const KNOWN = [
  'gpt-4o',
  'gpt-4o-mini',
  'gpt-4.1',
  'gpt-4.1-mini',
  'o4-mini',
  'gpt-5',
  'gpt-5-mini',
  'text-embedding-3-small',
]

// The service answers an alias with the name of the snapshot that it stands for.
const SNAPSHOTS: Readonly<Record<string, string>> = {
  'gpt-4o': 'gpt-4o-2024-08-06',
  'gpt-4o-mini': 'gpt-4o-mini-2024-07-18',
  'gpt-4.1': 'gpt-4.1-2025-04-14',
  'gpt-4.1-mini': 'gpt-4.1-mini-2025-04-14',
  'o3-mini': 'o3-mini-2025-01-31',
  'o4-mini': 'o4-mini-2025-04-16',
  'gpt-5': 'gpt-5-2025-08-07',
  'gpt-5-mini': 'gpt-5-mini-2025-08-07',
}

/** The model name that the service answers with. */
export function snapshotOf(model: string): string {
  return SNAPSHOTS[model] ?? model
}

const describe = (id: string) => ({ id, object: 'model', created: 1_715_367_049, owned_by: 'system' })

/** `GET /v1/models` and `GET /v1/models/{id}`. */
export const modelRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/v1\/models$/,
    handle(exchange, services) {
      const data = (services.models ?? KNOWN).map(describe)
      respondJson(exchange, 200, { object: 'list', data }, { headers: serviceHeaders(exchange) })
    },
  },
  {
    method: 'GET',
    path: /^\/v1\/models\/([^/]+)$/,
    handle(exchange, services, encoded = '') {
      const id = decodeURIComponent(encoded)
      if (!(services.models ?? KNOWN).includes(id)) return respondFault(exchange, unknownModel(id))
      respondJson(exchange, 200, describe(id), { headers: serviceHeaders(exchange) })
    },
  },
]

/** The fault for a model that does not exist. */
export function unknownModel(model: string): { kind: 'not_found'; message: string } {
  return { kind: 'not_found', message: `The model \`${model}\` does not exist or you do not have access to it.` }
}
