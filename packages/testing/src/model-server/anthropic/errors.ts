import { respondJson, type Exchange } from '../exchange.ts'
import type { Fault, FaultKind } from '../reply.ts'

interface Refusal {
  readonly status: number
  readonly type: string
  readonly message: string
}

const REFUSALS: Record<FaultKind, Refusal> = {
  invalid_request: { status: 400, type: 'invalid_request_error', message: 'The request is invalid.' },
  context_length: {
    status: 400,
    type: 'invalid_request_error',
    message: 'prompt is too long: 214033 tokens > 200000 maximum',
  },
  unauthorized: { status: 401, type: 'authentication_error', message: 'invalid x-api-key' },
  permission: {
    status: 403,
    type: 'permission_error',
    message: 'Your API key does not have permission to use the specified resource.',
  },
  not_found: { status: 404, type: 'not_found_error', message: 'model: no such model' },
  rate_limit: {
    status: 429,
    type: 'rate_limit_error',
    message: 'This request would exceed the rate limit for your organization of 30,000 input tokens per minute.',
  },
  quota: {
    status: 400,
    type: 'invalid_request_error',
    message: 'Your credit balance is too low to access the Anthropic API.',
  },
  server: { status: 500, type: 'api_error', message: 'Internal server error' },
  overloaded: { status: 529, type: 'overloaded_error', message: 'Overloaded' },
}

/** The error object of Anthropic's protocol for a fault. */
export function errorBody(fault: Fault, requestId: string): Record<string, unknown> {
  const { type, message } = REFUSALS[fault.kind]
  return { type: 'error', error: { type, message: fault.message ?? message }, request_id: requestId }
}

/** Answers with a fault's status, body and headers. */
export function respondFault(exchange: Exchange, fault: Fault, headers: Readonly<Record<string, string>> = {}): void {
  const retry = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }
  respondJson(exchange, fault.status ?? REFUSALS[fault.kind].status, errorBody(fault, exchange.requestId), {
    headers: { ...serviceHeaders(exchange), ...retry, ...headers },
  })
}

/** The headers that every answer of the service carries. */
export function serviceHeaders({ requestId }: Exchange): Record<string, string> {
  const reset = '2025-06-15T00:00:00Z'
  return {
    'request-id': requestId,
    'anthropic-organization-id': '00000000-0000-4000-8000-000000000000',
    'anthropic-ratelimit-requests-limit': '4000',
    'anthropic-ratelimit-requests-remaining': '3999',
    'anthropic-ratelimit-requests-reset': reset,
    'anthropic-ratelimit-input-tokens-limit': '2000000',
    'anthropic-ratelimit-input-tokens-remaining': '1999000',
    'anthropic-ratelimit-input-tokens-reset': reset,
  }
}
