/** The OpenAPI document against what is really answered: every path, with a validator of JSON schemas. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AlertList, AuditList, LiveEvent, Silence } from '../src/index.ts'
import type { ConsoleFixture } from './console-fixture.ts'
import { startDesk } from './desk-run.ts'
import { keyValues, spanId, TRACE_ID, traceRequest } from './otlp-json.ts'

interface Content {
  readonly [type: string]: { readonly schema: { readonly $ref: string } }
}
interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<'200' | 'default', { readonly content: Content }>>
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

const RULES = `
rules:
  - name: queue-long
    summary: Work piles up.
    signal: agentel.queue.depth
    aggregation: average
    window: 5m
    above: 100
    severity: error
`

let folder: string
let fixture: ConsoleFixture
let document: OpenApi
let ajv: Ajv2020
let alert: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agentel-openapi-'))
  const alertRules = join(folder, 'rules.yaml')
  writeFileSync(alertRules, RULES)
  fixture = await startDesk({ dataFile: join(folder, 'console.db'), alertRules, alertInterval: 50 })
  const point = {
    timeUnixNano: `${BigInt(Date.now()) * 1_000_000n}`,
    asDouble: 500,
    attributes: keyValues({ 'agentel.queue.name': 'mail' }),
  }
  const metrics = [{ name: 'agentel.queue.depth', gauge: { dataPoints: [point] } }]
  await fixture.send('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })
  const event = { 'agentel.event.type': 'mail.sent', 'agentel.transaction.id': 'tx-1' }
  const work = [
    { spanId: spanId(21), kind: 4, name: 'publish mail.sent', attributes: event },
    { spanId: spanId(22), kind: 5, name: 'process mail.sent', parent: spanId(21), attributes: event },
    { spanId: spanId(23), name: 'work mailer', attributes: { 'agentel.worker.name': 'mailer' } },
  ]
  await fixture.send('traces', traceRequest(work.map((span) => ({ ...span, traceId: 'd'.repeat(32) }))))
  const open = await fixture.until<AlertList>('/api/alerts', ({ alerts }) =>
    alerts.some((a) => a.rule === 'queue-long'),
  )
  alert = open.alerts.find((a) => a.rule === 'queue-long')!.id
  document = await fixture.get<OpenApi>('/api/openapi.json')
  ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true })
  // The whole document is one schema, so that its references are found.
  ajv.addKeyword('components')
  ajv.addSchema({ $id: 'api', components: document.components })
})
afterAll(async () => {
  await fixture.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** What is wrong with a value by a schema of the document; nothing when it fits. */
function wrongWith(content: Content, value: unknown, type = 'application/json'): unknown {
  const validate = ajv.getSchema(`api${content[type]!.schema.$ref}`)!
  return validate(value) ? [] : validate.errors
}

async function call(method: string, path: string, body?: object): Promise<{ status: number; answer: unknown }> {
  const headers = { 'content-type': 'application/json' }
  const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) }
  const response = await fetch(fixture.url + path, init)
  return { status: response.status, answer: await response.json() }
}

/** Sends a request that the document describes, and holds both bodies to it. */
async function act(method: string, path: string, body?: object, names: Record<string, string> = {}): Promise<unknown> {
  const operation = document.paths[path]![method.toLowerCase()]!
  if (body !== undefined) expect([path, wrongWith(operation.requestBody!.content, body)]).toEqual([path, []])
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name]!))
  const { status, answer } = await call(method, url, body)
  expect([path, status, wrongWith(operation.responses['200'].content, answer)]).toEqual([path, 200, []])
  return answer
}

describe('the OpenAPI document', () => {
  it('describes what people do about alerts and users, and its answers', async () => {
    const deed = { id: alert, by: 'ada' }
    expect(await act('POST', '/api/alerts/acknowledge', deed)).toEqual({ done: true })
    const until = Date.now() + 60_000
    const silence = (await act('POST', '/api/alerts/silences', { rule: 'queue-long', until, by: 'ada' })) as Silence
    expect(await act('POST', '/api/alerts/silences/end', { id: silence.id, by: 'ada' })).toEqual({ done: true })
    await act('POST', '/api/alerts/silences', { labels: { team: 'a' }, until, by: 'ada', reason: 'works' })
    await act('DELETE', '/api/users/{id}', undefined, { id: 'nobody' })
    await fixture.until<AuditList>('/api/audit', ({ entries }) => entries.length > 0)
  })

  it('has a schema for the answer of every path, and each answer is as it says', async () => {
    const names: Record<string, string> = { traceId: TRACE_ID, spanId: spanId(2), name: 'planner', id: 'tx-1' }
    const queries: Record<string, string> = { name: 'request.duration', id: alert }
    const answered: string[] = []
    for (const [path, { get }] of Object.entries(document.paths)) {
      if (get === undefined || path === '/api/live') continue
      const required = get.parameters.filter((p) => p.in === 'query' && p.required)
      const query = new URLSearchParams([['from', '-7d'], ...required.map((p) => [p.name, queries[p.name]!])])
      for (const signal of path.includes('{signal}') ? ['traces', 'logs', 'metrics'] : ['']) {
        const url = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? signal))
        const { status, answer } = await call('GET', `${url}?${query}`)
        expect([url, status, wrongWith(get.responses['200'].content, answer)]).toEqual([url, 200, []])
        answered.push(url)
      }
    }
    expect(answered.length).toBe(Object.keys(document.paths).filter((path) => document.paths[path]!['get']).length + 1)
  })

  it('says no more than is true: a field that is missing, or that it does not know, is wrong', async () => {
    const { content } = document.paths['/api/status']!['get']!.responses['200']
    const status = await fixture.get<object>('/api/status')
    expect(wrongWith(content, { ...status, more: 1 })).toMatchObject([{ keyword: 'additionalProperties' }])
    const { version: _, ...less } = status as { version: string }
    expect(wrongWith(content, less)).toMatchObject([{ keyword: 'required', params: { missingProperty: 'version' } }])
  })

  it('describes refusals', async () => {
    for (const [path, status] of [
      ['/api/traces?from=yesterday', 400],
      ['/api/agents/nobody', 404],
      ['/api/nothing', 404],
    ] as const) {
      const { content } = document.paths['/api/traces']!['get']!.responses.default
      const { status: found, answer } = await call('GET', path)
      expect([path, found, wrongWith(content, answer)]).toEqual([path, status, []])
    }
  })

  it('describes the events of the live stream', async () => {
    const stop = new AbortController()
    const { content } = document.paths['/api/live']!['get']!.responses['200']
    const response = await fetch(`${fixture.url}/api/live`, { signal: stop.signal })
    const seen = new Map<LiveEvent['type'], unknown>()
    let text = ''
    const stored = fixture.send('traces', {
      resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'c'.repeat(32), spanId: spanId(1), name: 'late' }] }] }],
    })
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part
      for (const [, data] of text.matchAll(/^data: (.*)\n\n/gm)) {
        const event = JSON.parse(data!) as LiveEvent
        seen.set(event.type, wrongWith(content, event, 'text/event-stream'))
      }
      if (['hello', 'traces', 'rates'].every((type) => seen.has(type as LiveEvent['type']))) break
    }
    stop.abort()
    await stored
    expect([...seen.values()].flat()).toEqual([])
  })
})
