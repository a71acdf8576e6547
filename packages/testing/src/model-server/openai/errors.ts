import { respondJson, type Exchange } from '../exchange.ts'
import type { Fault, FaultKind } from '../reply.ts'

interface Refusal {
  status: number
  type: string
  code: string | null
  message: string
  param?: string
}

const REFUSALS: Record<FaultKind, Refusal> = {
  invalid_request: { status: 400, type: 'invalid_request_error', code: null, message: 'The request is invalid.' },
  context_length: {
    status: 400,
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
    param: 'messages',
    message: "This model's maximum context length is 128000 tokens. Please reduce the length of the messages.",
  },
  unauthorized: {
    status: 401,
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    message: 'Incorrect API key provided.',
  },
  permission: {
    status: 403,
    type: 'invalid_request_error',
    code: 'unsupported_country_region_territory',
    message: 'Country, region, or territory not supported',
  },
  not_found: {
    status: 404,
    type: 'invalid_request_error',
    code: 'model_not_found',
    message: 'The model does not exist.',
  },
  rate_limit: {
    status: 429,
    type: 'tokens',
    code: 'rate_limit_exceeded',
    message:
      'Rate limit reached on tokens per min (TPM): Limit 30000, Used 29870, Requested 412. Please try again in 564ms.',
  },
  quota: {
    status: 429,
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    message: 'You exceeded your current quota, please check your plan and billing details.',
  },
  server: {
    status: 500,
    type: 'server_error',
    code: null,
    message: 'The server had an error while processing your request. Sorry about that!',
  },
  overloaded: {
    status: 503,
    type: 'server_error',
    code: 'overloaded',
    message: 'The engine is currently overloaded, please try again later.',
  },
}

/** The error object of OpenAI's protocol for a fault. */
export function errorBody(fault: Fault, param?: string): { error: Record<string, unknown> } {
  const refusal = REFUSALS[fault.kind]
  return {
    error: {
      message: fault.message ?? refusal.message,
      type: refusal.type,
      param: param ?? refusal.param ?? null,
      code: refusal.code,
    },
  }
}

/** Answers with a fault's status, body and headers. */
export function respondFault(exchange: Exchange, fault: Fault, headers: Readonly<Record<string, string>> = {}): void {
  const retry = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }
  respondJson(exchange, fault.status ?? REFUSALS[fault.kind].status, errorBody(fault), {
    headers: { ...serviceHeaders(exchange), ...retry, ...headers },
  })
}

/** A request that lacks or misuses a parameter. */
export function respondInvalid(exchange: Exchange, param: string, message: string): void {
  respondJson(exchange, 400, errorBody({ kind: 'invalid_request', message }, param), {
    headers: serviceHeaders(exchange),
  })
}

/** The headers that every answer of the service carries. */
export function serviceHeaders(exchange: Exchange): Record<string, string> {
  return {
    'x-request-id': exchange.requestId,
    'openai-version': '2020-10-01',
    'openai-organization': 'org-local',
    'openai-processing-ms': exchange.seeded ? '1' : String(Date.now() - exchange.entry.startedAt),
    'x-ratelimit-limit-requests': '10000',
    'x-ratelimit-limit-tokens': '2000000',
    'x-ratelimit-remaining-requests': '9999',
    'x-ratelimit-remaining-tokens': '1999900',
    'x-ratelimit-reset-requests': '6ms',
    'x-ratelimit-reset-tokens': '3ms',
  }
}
