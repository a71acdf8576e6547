import type { Protocol } from '../protocol.ts'
import { countTokensRoute } from './count-tokens.ts'
import { respondFault } from './errors.ts'
import { messagesRoute } from './messages.ts'

/** Anthropic's HTTP protocol. */
export const anthropicProtocol: Protocol = {
  routes: [messagesRoute, countTokensRoute],
  owns: (pathname) => /^\/v1\/messages\b/.test(pathname),
  requestIdOf: ({ newId }) => newId('req_', 24),
  authorize({ request }, { apiKeys }) {
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    const key = request.headers['x-api-key'] ?? bearer
    if (key === undefined) return { kind: 'unauthorized', message: 'x-api-key header is required' }
    if (apiKeys && !apiKeys.includes(String(key))) return { kind: 'unauthorized' }
    if (request.headers['anthropic-version'] === undefined)
      return { kind: 'invalid_request', message: 'anthropic-version: header is required' }
    return undefined
  },
  respondFault,
  unreadableBody: { kind: 'invalid_request', message: 'The request body is not valid JSON: expected an object.' },
  unknownRoute: ({ requestId }) => ({
    type: 'error',
    error: { type: 'not_found_error', message: 'Not found' },
    request_id: requestId,
  }),
}
