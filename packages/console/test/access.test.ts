import dns from 'node:dns'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, type MockInstance, vi } from 'vitest'
import { type ConsoleFixture, startFixture } from './console-fixture.ts'
import { spanId, traceRequest } from './otlp-json.ts'

let fixture: ConsoleFixture
let guarded: ConsoleFixture

beforeAll(async () => {
  fixture = await startFixture({ allowOrigins: ['http://localhost:3000'], allowHosts: ['console.internal'] })
  guarded = await startFixture({ host: '0.0.0.0', token: 'a-secret-token' })
})
afterAll(() => Promise.all([fixture.stop(), guarded.stop()]))

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
}

/** Unlike fetch, this can say any Host and Origin. */
function ask(port: number, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, headers, method: body === undefined ? 'GET' : 'POST' },
      (response) => {
        let text = ''
        response.on('data', (part: Buffer) => (text += part.toString()))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

const BODY = JSON.stringify(traceRequest([{ spanId: spanId(1) }]))
const JSON_TYPE = { 'content-type': 'application/json' }

describe('a console on loopback', () => {
  it('refuses posts and reads of a web page of another origin', async () => {
    const port = fixture.console.httpPort
    const foreign = { ...JSON_TYPE, origin: 'https://evil.example' }
    const posted = await ask(port, '/v1/traces', foreign, BODY)
    expect([posted.status, JSON.parse(posted.body)]).toEqual([
      403,
      { error: { code: 'forbidden_origin', message: expect.stringContaining('--allow-origin https://evil.example') } },
    ])
    expect((await ask(port, '/api/traces', { origin: 'https://evil.example' })).status).toBe(403)
    expect((await ask(port, '/api/traces', { origin: 'null' })).status).toBe(403)
    expect(
      (await ask(port, '/api/traces', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).status,
    ).toBe(403)
    expect((await ask(port, '/api/traces', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' })).status).toBe(
      403,
    )
    expect(
      (await ask(port, '/v1/traces', { 'content-type': 'text/plain', origin: `http://localhost:${port + 1}` }, BODY))
        .status,
    ).toBe(403)
  })

  it('refuses a host name that is not its own, as after DNS rebinding', async () => {
    const { httpPort } = fixture.console
    for (const host of [
      'evil.example',
      `evil.example:${httpPort}`,
      '127.0.0.1.evil.example',
      'localhost.evil.example',
      '127.evil.example',
      `127.0.0.1.evil.example:${httpPort}`,
    ]) {
      const refused = await ask(httpPort, '/api/traces', { host })
      expect([host, refused.status]).toEqual([host, 421])
      expect((await ask(httpPort, '/v1/traces', { ...JSON_TYPE, host }, BODY)).status).toBe(421)
    }
  })

  it('answers its own page, other programs, allowed names and a link from elsewhere', async () => {
    const { httpPort } = fixture.console
    const own = { origin: `http://127.0.0.1:${httpPort}`, 'sec-fetch-site': 'same-origin' }
    expect((await ask(httpPort, '/api/traces', own)).status).toBe(200)
    expect((await ask(httpPort, '/api/traces', {})).status).toBe(200)
    expect((await ask(httpPort, '/api/traces', { host: `localhost:${httpPort}` })).status).toBe(200)
    expect((await ask(httpPort, '/api/traces', { host: 'console.internal' })).status).toBe(200)
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    expect((await ask(httpPort, '/', link)).status).toBe(200)
    expect((await ask(httpPort, '/', { ...link, 'sec-fetch-dest': 'iframe' })).status).toBe(403)
  })

  it('lets a web page of an allowed origin post telemetry, with the preflight that browsers make', async () => {
    const { httpPort } = fixture.console
    const origin = 'http://localhost:3000'
    const preflight = await fetch(`${fixture.url}/v1/traces`, { method: 'OPTIONS', headers: { origin } })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, origin])
    const posted = await ask(httpPort, '/v1/traces', { ...JSON_TYPE, origin }, BODY)
    expect([posted.status, posted.headers['access-control-allow-origin']]).toEqual([200, origin])
  })

  it('lets a page of an allowed origin send telemetry, and do nothing else', async () => {
    const { httpPort } = fixture.console
    const path = '/api/alerts/acknowledge'
    const refused = await ask(httpPort, path, { ...JSON_TYPE, origin: 'http://localhost:3000' }, '{}')
    expect([refused.status, JSON.parse(refused.body)]).toEqual([
      403,
      { error: { code: 'forbidden_origin', message: 'Another web page may send telemetry, no more.' } },
    ])
    const own = await ask(httpPort, path, { ...JSON_TYPE, origin: `http://127.0.0.1:${httpPort}` }, '{}')
    expect([own.status, own.body]).not.toEqual([403, refused.body])
  })

  it('compresses a long answer for those who read gzip, and for no others', async () => {
    const { httpPort } = fixture.console
    const plain = await ask(httpPort, '/api/openapi.json', {})
    expect([plain.headers['content-encoding'], JSON.parse(plain.body).openapi]).toEqual([undefined, '3.1.0'])
    const zipped = await ask(httpPort, '/api/openapi.json', { 'accept-encoding': 'br, gzip' })
    expect([zipped.headers['content-encoding'], zipped.headers.vary]).toEqual(['gzip', 'accept-encoding'])
  })

  it('sends the page with headers that forbid anything from elsewhere', async () => {
    const page = await ask(fixture.console.httpPort, '/', {})
    expect(page.headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'self'"),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(page.headers['content-security-policy']).not.toContain('unsafe-')
  })
})

describe('a console beyond loopback', () => {
  it('asks for its token, over HTTP as bearer or cookie, and gives it to the page once', async () => {
    const { httpPort, url } = guarded.console
    expect(url).toBe(`http://localhost:${httpPort}/?token=a-secret-token`)
    expect((await ask(httpPort, '/v1/traces', JSON_TYPE, BODY)).status).toBe(401)
    expect((await ask(httpPort, '/api/traces', { authorization: 'Bearer wrong' })).status).toBe(401)
    expect((await ask(httpPort, '/', {})).status).toBe(401)
    const bearer = { authorization: 'Bearer a-secret-token' }
    expect((await ask(httpPort, '/v1/traces', { ...JSON_TYPE, ...bearer }, BODY)).status).toBe(200)
    const opened = await ask(httpPort, '/?token=a-secret-token', {})
    expect([opened.status, opened.headers.location, opened.headers['set-cookie']]).toEqual([
      303,
      '/',
      ['agentel_token=a-secret-token; Path=/; HttpOnly; SameSite=Strict'],
    ])
    expect((await ask(httpPort, '/api/traces', { cookie: 'agentel_token=a-secret-token' })).status).toBe(200)
  })

  it('makes a token when none is given', async () => {
    const open = await startFixture({ host: '0.0.0.0' })
    expect(open.console.token).toMatch(/^[\w-]{32}$/)
    await open.stop()
  })

  it('takes no name for this machine because it begins with 127.: its owner says where it leads', async () => {
    const lookup = dns.lookup
    const resolved = vi.spyOn(dns, 'lookup') as unknown as MockInstance<(name: string, ...rest: never[]) => void>
    resolved.mockImplementation((name, ...rest) =>
      (lookup as unknown as (...args: unknown[]) => void)(name === '127.evil.example' ? '127.0.0.1' : name, ...rest),
    )
    const open = await startFixture({ host: '127.evil.example' })
    expect((await ask(open.console.httpPort, '/api/traces', { host: '127.evil.example' })).status).toBe(401)
    await open.stop()
    resolved.mockRestore()
  })
})
