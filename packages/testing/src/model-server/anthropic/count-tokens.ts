import { respondJson } from '../exchange.ts'
import type { Route } from '../protocol.ts'
import { countInput } from '../token-counter.ts'
import { respondFault, serviceHeaders } from './errors.ts'
import { invalidMessages, readMessages } from './read-request.ts'

/** `POST /v1/messages/count_tokens`. */
export const countTokensRoute: Route = {
  method: 'POST',
  path: /^\/v1\/messages\/count_tokens$/,
  async handle(exchange, services) {
    const body = exchange.body ?? {}
    const wrong = invalidMessages(body['messages'])
    if (wrong !== undefined) return respondFault(exchange, { kind: 'invalid_request', message: wrong })
    const count = await services.countTokens()
    const tokens = countInput(count, readMessages(body), body['tools'])
    respondJson(exchange, 200, { input_tokens: tokens }, { headers: serviceHeaders(exchange) })
  },
}
