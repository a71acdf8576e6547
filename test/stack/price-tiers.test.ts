/** What is billed apart from the list is not priced by it in the collector, whoever tells of the tier and how. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { programPath } from '../../scripts/stack/binaries.ts'
import { freePorts } from '../../scripts/stack/ports.ts'
import { serverProcess } from '../../scripts/stack/server-process.ts'
import { eventually } from './backends.ts'
import { type KeyValue, sendSpans, span, text } from './otlp-sender.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'agentel-price-tiers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Received {
  readonly name: string
  readonly attributes: readonly KeyValue[]
}

/** The shipped prices in a collector that has nothing else. */
const configuration = (otlp: number, health: number, sink: number): string => `
extensions: {health_check: {endpoint: "127.0.0.1:${health}"}}
receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${otlp}"}}}}
exporters: {otlphttp: {endpoint: "http://127.0.0.1:${sink}", encoding: json, compression: none}}
service:
  extensions: [health_check]
  telemetry: {metrics: {level: none}}
  pipelines: {traces: {receivers: [otlp], processors: [transform/prices], exporters: [otlphttp]}}
`

const call = (name: string, provider: string, model: string, tier: readonly KeyValue[]): object =>
  span(name, {
    attributes: [
      text('gen_ai.operation.name', 'chat'),
      text('gen_ai.provider.name', provider),
      text('gen_ai.request.model', model),
      { key: 'gen_ai.usage.input_tokens', value: { intValue: '1000' } },
      ...tier,
    ],
  })

const TIERED: readonly (readonly [name: string, priced: boolean, tier: readonly KeyValue[]])[] = [
  ['no tier', true, []],
  ['openai default', true, [text('openai.response.service_tier', 'default')]],
  ['openai flex', false, [text('openai.response.service_tier', 'flex')]],
  ['agentel standard', true, [text('agentel.usage.service_tier', 'standard')]],
  ['agentel on demand', true, [text('agentel.usage.service_tier', 'on_demand')]],
  ['agentel batch', false, [text('agentel.usage.service_tier', 'batch')]],
  ['agentel fast', false, [text('agentel.usage.service_tier', 'fast')]],
  ['anthropic priority', false, [text('anthropic.response.service_tier', 'priority')]],
  [
    'both, as in the process',
    true,
    [text('agentel.usage.service_tier', 'batch'), text('openai.response.service_tier', 'default')],
  ],
]

it('leaves calls of other tiers than the standard without a price, and says so', async () => {
  const received: Received[] = []
  const sink = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString()) as {
      resourceSpans: { scopeSpans: { spans: Received[] }[] }[]
    }
    received.push(...body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  }).listen(0, '127.0.0.1')
  await once(sink, 'listening')
  const ports = await freePorts()
  const file = join(folder, 'collector.yaml')
  writeFileSync(file, configuration(ports.collectorHttp, ports.collectorHealth, (sink.address() as AddressInfo).port))
  const collector = serverProcess({
    name: 'collector',
    command: programPath('otelcol'),
    args: ['--config', file, '--config', join(root, 'deploy/otelcol/prices.yaml')],
    folder,
    log: join(folder, 'collector.log'),
    ready: `http://127.0.0.1:${ports.collectorHealth}/`,
  })
  await collector.start()
  try {
    const models = [
      ['anthropic', 'claude-sonnet-4-20250514'],
      ['openai', 'gpt-4o'],
    ] as const
    const calls = models.flatMap(([provider, model]) =>
      TIERED.map(([name, , tier]) => call(`${provider}: ${name}`, provider, model, tier)),
    )
    await sendSpans(`http://127.0.0.1:${ports.collectorHttp}`, 'tiers', calls)
    await eventually(
      async () => received.length,
      (count) => count === calls.length,
    )
  } finally {
    await collector.stop()
    sink.closeAllConnections()
    sink.close()
  }
  const has = ({ attributes }: Received, key: string): boolean => attributes.some((one) => one.key === key)
  const found = received.map((one) => [one.name, has(one, 'agentel.cost.amount'), has(one, 'agentel.cost.unpriced')])
  const expected = ['anthropic', 'openai'].flatMap((provider) =>
    TIERED.map(([name, priced]) => [`${provider}: ${name}`, priced, !priced]),
  )
  expect(found).toEqual(expected)
})
