import type { IncomingHttpHeaders } from 'node:http'
import { bearerOf, hostNamed, isLoopback, sameToken } from '@agentel/health'

/** Who may talk to the console. */
export interface AccessRules {
  /** Hosts (without port) that requests may name, beside this machine's own. `any` is safe with a token only. */
  readonly hosts: ReadonlySet<string> | 'any'
  /** Origins of other web pages that may post telemetry, e.g. `http://localhost:3000`. */
  readonly origins: ReadonlySet<string>
  /** Needed by every request when the console listens beyond loopback. */
  readonly token: string | undefined
}

/** A refusal: the status and a sentence for the sender. */
export interface Refusal {
  readonly status: 401 | 403 | 421
  readonly code: string
  readonly message: string
}

/** Name of the cookie that carries the token for the page. */
export const TOKEN_COOKIE = 'agentel_token'

function cookieOf(headers: IncomingHttpHeaders): string | undefined {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=')
    if (name === TOKEN_COOKIE) return value
  }
  return undefined
}

/** Whether a request carries the token, as a bearer or as the page's cookie. */
export function hasToken(headers: IncomingHttpHeaders, token: string): boolean {
  const given = bearerOf(headers) ?? cookieOf(headers)
  return given !== undefined && sameToken(given, token)
}

function refuseOrigin(headers: IncomingHttpHeaders, rules: AccessRules): Refusal | undefined {
  const { origin, host } = headers
  if (
    origin !== undefined &&
    origin !== `http://${host}` &&
    origin !== `https://${host}` &&
    !rules.origins.has(origin)
  ) {
    return {
      status: 403,
      code: 'forbidden_origin',
      message: `A web page of ${origin} may not use this console. Start it with --allow-origin ${origin} to permit that.`,
    }
  }
  const site = headers['sec-fetch-site']
  const foreign = site !== undefined && site !== 'same-origin' && site !== 'none'
  const navigation = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  if (foreign && origin === undefined && !navigation) {
    return { status: 403, code: 'forbidden_origin', message: 'Another web site may not read this console.' }
  }
  return undefined
}

/**
 * Refuses what a web page of another origin could send: a foreign Origin, a cross-site fetch, and a Host that is not ours
 * (DNS rebinding: a foreign name that resolves to this machine). Then asks for the token, if there is one.
 */
export function refuse(headers: IncomingHttpHeaders, rules: AccessRules): Refusal | undefined {
  const host = hostNamed(headers)
  if (rules.hosts !== 'any' && !isLoopback(host) && !rules.hosts.has(host)) {
    return {
      status: 421,
      code: 'forbidden_host',
      message: `This console does not answer for the host "${host}". Start it with --allow-host ${host} if that is its name.`,
    }
  }
  const foreign = refuseOrigin(headers, rules)
  if (foreign !== undefined) return foreign
  if (rules.token !== undefined && !hasToken(headers, rules.token)) {
    return {
      status: 401,
      code: 'token_needed',
      message:
        'Send the token that the console printed at its start: "Authorization: Bearer TOKEN", or open the printed address.',
    }
  }
  return undefined
}
