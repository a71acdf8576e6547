import { trace } from '@opentelemetry/api'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Analyzer, startAnalyzer } from '../../processors/redaction/test/analyzer.ts'
import { startAgentel } from '../src/index.ts'
import { startOtlpSink, type OtlpSink } from './otlp-sink.ts'
import { runApp } from './run-app.ts'

let sink: OtlpSink
let analyzer: Analyzer
let folder: string
beforeEach(async () => {
  sink = await startOtlpSink()
  analyzer = await startAnalyzer()
  folder = mkdtempSync(join(tmpdir(), 'agentel-'))
})
afterEach(async () => {
  await Promise.all([sink.close(), analyzer.close()])
  rmSync(folder, { recursive: true })
})

const env = (more: Record<string, string> = {}) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_METRICS_EXPORTER: 'none',
  ...more,
})
const messages = () => sink.spans().map(({ attributes }) => attributes['gen_ai.input.messages'])
const bodiesOf = (path: string) =>
  sink.received
    .filter((one) => one.path === path)
    .map(({ body }) => body.toString())
    .join()

describe('A Presidio analyzer', () => {
  it('is asked about what people have said in spans and log records, by the environment', async () => {
    const run = await runApp('what-people-say.mjs', {
      env: env({
        AGENTEL_REDACTION_PRESIDIO_URL: analyzer.url,
        AGENTEL_REDACTION_PRESIDIO_ENTITIES: 'PERSON,LOCATION',
        AGENTEL_REDACTION_PRESIDIO_SCORE_THRESHOLD: '0.4',
        AGENTEL_REDACTION_PRESIDIO_TOKEN: 'analyzer-key',
      }),
    })
    expect(run).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
    expect(messages()).toEqual([expect.stringContaining('I am [REDACTED:person] from [REDACTED:location]')])
    expect(bodiesOf('/v1/logs')).toContain('a letter for [REDACTED:person]')
    expect(bodiesOf('/v1/traces')).toContain('not asked about Ann Smith')
    expect(analyzer.requests).toHaveLength(2)
    expect(analyzer.requests).toContainEqual({
      text: ['I am Ann Smith from Springfield'],
      language: 'en',
      entities: ['PERSON', 'LOCATION'],
      score_threshold: 0.4,
    })
    expect(analyzer.headers.map(({ authorization }) => authorization)).toEqual(Array(2).fill('Bearer analyzer-key'))
  })

  it('is asked as a configuration file says', async () => {
    const file = join(folder, 'otel.yaml')
    writeFileSync(
      file,
      `file_format: "1.0"
tracer_provider:
  processors:
    - batch:
        exporter:
          otlp_http:
            endpoint: ${sink.url}/v1/traces
            encoding: json
instrumentation/development:
  js:
    agentel:
      redaction:
        presidio: {url: "${analyzer.url}", language: de}
        slow_attributes: [app.*]
`,
    )
    const run = await runApp('what-people-say.mjs', { env: { OTEL_CONFIG_FILE: file } })
    expect(run).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
    expect(bodiesOf('/v1/traces')).toContain('not asked about [REDACTED:person]')
    expect(messages()).toEqual([expect.stringContaining('I am Ann Smith')])
    expect(analyzer.requests).toEqual([{ text: ['not asked about Ann Smith'], language: 'de', score_threshold: 0.5 }])
  })

  it.each([
    ['withholds what it has not looked at', 'withhold', 'letter for', false],
    ['lets it leave when told so', 'pass', 'letter for Ann Smith', true],
  ])('%s, when it fails and when the process is cut short', async (_what, unanswered, text, there) => {
    analyzer.behaviour = (response) => void response.writeHead(500).end()
    for (const more of [{}, { THEN_EXIT: '1', AGENTEL_SHUTDOWN_EXIT_TIMEOUT_MS: '10000' }]) {
      sink.received.length = 0
      await runApp('what-people-say.mjs', {
        env: env({
          AGENTEL_REDACTION_PRESIDIO_URL: analyzer.url,
          AGENTEL_REDACTION_UNANSWERED: unanswered,
          ...more,
        }),
      })
      expect(bodiesOf('/v1/logs').includes(text)).toBe(there)
      expect(bodiesOf('/v1/traces').includes('I am Ann Smith')).toBe(there)
      expect(bodiesOf('/v1/traces').includes('[REDACTED:unchecked]')).toBe(!there)
      expect(bodiesOf('/v1/traces')).toContain('not asked about Ann Smith')
    }
  })
})

describe('A detector that the application gives', () => {
  it('holds nobody up, and what leaves has waited for it', async () => {
    let answer: () => void = () => {}
    const asked: string[][] = []
    const agentel = startAgentel({
      otlp: { endpoint: sink.url, protocol: 'http/json' },
      slowDetectors: [
        {
          name: 'badge',
          find(texts) {
            asked.push([...texts])
            return new Promise((resolve) => {
              answer = () => resolve(texts.map((text) => [{ start: text.indexOf('K-17'), end: text.length }]))
            })
          },
        },
      ],
    })
    try {
      const span = trace.getTracer('app').startSpan('tool')
      span.setAttribute('gen_ai.tool.call.result', 'opened with K-17').end()
      const flushed = agentel.forceFlush()
      await expect.poll(() => asked).toEqual([['opened with K-17']])
      expect(sink.spans()).toEqual([])
      answer()
      expect(await flushed).toBe(true)
      expect(sink.spans().map(({ attributes }) => attributes['gen_ai.tool.call.result'])).toEqual([
        'opened with [REDACTED:badge]',
      ])
    } finally {
      await agentel.shutdown()
    }
  })
})
