import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { sameToken } from '@agentel/health'
import { type ConsoleActions, findAction, readJsonBody } from '../api/actions.ts'
import { openApiDocument } from '../api/openapi.ts'
import { findRoute, type RouteContext } from '../api/routes.ts'
import { BadQuery } from '../query/bad-query.ts'
import { type BodyLimits, receiveHttp, signalOfPath } from '../receiver/http.ts'
import type { Intake } from '../receiver/intake.ts'
import { type AccessRules, refuse, TOKEN_COOKIE } from './access.ts'
import { type Assets, CONTENT_SECURITY_POLICY } from './assets.ts'
import type { Live } from './live.ts'
import { acceptsGzip, SECURITY_HEADERS, sendError, sendJson } from './send.ts'

/** What the HTTP server hands requests to. */
export interface HttpParts {
  readonly rules: AccessRules
  readonly limits: BodyLimits
  readonly intake: Intake
  readonly live: Live
  readonly assets: Promise<Assets>
  readonly context: Omit<RouteContext, 'query' | 'path'>
  readonly actions: ConsoleActions
  readonly version: string
}

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL, parts: HttpParts) => Promise<void>

/** The address that the console prints carries the token once; the page then has it as a cookie. */
function takeToken(response: ServerResponse, url: URL, rules: AccessRules): boolean {
  const given = url.searchParams.get('token')
  if (rules.token === undefined || given === null || !sameToken(given, rules.token)) return false
  url.searchParams.delete('token')
  response.writeHead(303, {
    location: url.pathname + url.search,
    'set-cookie': `${TOKEN_COOKIE}=${rules.token}; Path=/; HttpOnly; SameSite=Strict`,
    'cache-control': 'no-store',
  })
  response.end()
  return true
}

/** A web page whose origin was allowed asks first whether it may post. */
function answerPreflight(request: IncomingMessage, response: ServerResponse, rules: AccessRules): boolean {
  const { origin } = request.headers
  if (origin === undefined || !rules.origins.has(origin)) return false
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('vary', 'origin')
  if (request.method !== 'OPTIONS') return false
  response.writeHead(204, {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type, content-encoding, authorization',
    'access-control-max-age': '600',
  })
  response.end()
  return true
}

/** What changes something is for the page itself and for programs, not for other pages that may send telemetry. */
function isForeignPage({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers
  return origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`
}

const serveAction: Handler = async (request, response, url, parts) => {
  const method = request.method ?? ''
  const found = findAction(method, url.pathname)
  if (found === undefined) {
    response.setHeader('allow', 'GET, HEAD')
    return sendError(request, response, 405, 'method', `${method} is not answered here; see /api/openapi.json`)
  }
  if (isForeignPage(request))
    return sendError(request, response, 403, 'forbidden_origin', 'Another web page may send telemetry, no more.')
  const { actions } = parts
  const answer = await found.entry.run({ actions, path: found.path, body: () => readJsonBody(request) })
  return sendJson(request, response, answer)
}

const serveApi: Handler = async (request, response, url, parts) => {
  if (request.method !== 'GET' && request.method !== 'HEAD') return serveAction(request, response, url, parts)
  if (url.pathname === '/api/live') return parts.live.attach(response)
  if (url.pathname === '/api/openapi.json') return sendJson(request, response, openApiDocument(parts.version))
  const found = findRoute(url.pathname)
  const answer = found?.entry.answer({ ...parts.context, query: url.searchParams, path: found.path })
  if (answer === undefined) {
    const what =
      found === undefined
        ? `the API has no ${url.pathname}; see /api/openapi.json`
        : `${url.pathname} is not in the store`
    return sendError(request, response, 404, 'not_found', what)
  }
  return sendJson(request, response, answer)
}

const servePage: Handler = async (request, response, url, parts) => {
  const asset = (await parts.assets).find(url.pathname)
  if (asset === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) {
    return sendError(
      request,
      response,
      404,
      'not_found',
      `Nothing is at ${url.pathname}. OTLP goes to /v1/traces, /v1/metrics, /v1/logs; the page is at /.`,
    )
  }
  response.setHeader('content-security-policy', CONTENT_SECURITY_POLICY)
  response.setHeader('cache-control', 'no-cache')
  response.setHeader('etag', asset.etag)
  if (request.headers['if-none-match'] === asset.etag) {
    response.writeHead(304).end()
    return
  }
  const zipped = acceptsGzip(request)
  const body = zipped ? asset.gzip : asset.body
  response.writeHead(200, {
    'content-type': asset.type,
    'content-length': body.length,
    vary: 'accept-encoding',
    ...(zipped ? { 'content-encoding': 'gzip' } : {}),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

async function serve(request: IncomingMessage, response: ServerResponse, parts: HttpParts): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
  const url = new URL(request.url ?? '/', 'http://console')
  const signal = signalOfPath(url.pathname)
  if (takeToken(response, url, parts.rules)) return
  if (signal !== undefined && answerPreflight(request, response, parts.rules)) return
  const refusal = refuse(request.headers, parts.rules)
  if (refusal !== undefined) {
    parts.intake.reject(refusal.code)
    await sendError(request, response, refusal.status, refusal.code, refusal.message)
  } else if (signal !== undefined) await receiveHttp(request, response, signal, parts.intake, parts.limits)
  else if (url.pathname.startsWith('/api/')) await serveApi(request, response, url, parts)
  else await servePage(request, response, url, parts)
}

function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  const bad = error instanceof BadQuery
  const message = error instanceof Error ? error.message : String(error)
  void sendError(request, response, bad ? 400 : 500, bad ? 'bad_query' : 'internal', message)
}

/** One port for everything over HTTP: OTLP under /v1, the API under /api, the page elsewhere. */
export function createHttpServer(parts: HttpParts): Server {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    serve(request, response, parts).catch((error: unknown) => fail(request, response, error))
  })
  return server
}
