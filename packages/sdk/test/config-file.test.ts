import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkConfigFile } from '../src/check-config-file.ts'
import { readConfigFile } from '../src/config-file.ts'
import { startOtlpSink, type OtlpSink } from './otlp-sink.ts'
import { runApp } from './run-app.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentel-config-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function write(text: string): string {
  const file = join(folder, 'otel.yaml')
  writeFileSync(file, text)
  return file
}

const FULL = `file_format: "1.0"
log_level: warn
resource:
  attributes:
    - name: service.name
      value: desk
  detection/development:
    detectors:
      - process:
propagator:
  composite_list: tracecontext,b3
attribute_limits:
  attribute_count_limit: 64
tracer_provider:
  processors:
    - batch:
        schedule_delay: 100
        exporter:
          otlp_http:
            endpoint: \${TEST_ENDPOINT}/v1/traces
            encoding: json
            compression: gzip
            headers:
              - name: x-team
                value: blue
    - simple:
        exporter:
          console:
  sampler:
    parent_based:
      root:
        trace_id_ratio_based:
          ratio: 0.5
      remote_parent_sampled:
        always_on:
meter_provider:
  readers:
    - periodic:
        interval: 2000
        exporter:
          otlp_grpc:
            endpoint: http://localhost:4317
            temporality_preference: delta
    - pull:
        exporter:
          prometheus/development:
            port: 9999
  views:
    - selector:
        instrument_name: app.count
      stream:
        attribute_keys:
          included: [a]
logger_provider:
  processors:
    - batch:
        exporter:
          otlp_http:
instrumentation/development:
  js:
    agentel:
      shutdown:
        timeout_ms: 100
`

/** Line of the first place where the words stand, from 1. */
function lineOf(text: string, words: string): number {
  return text.slice(0, text.indexOf(words)).split('\n').length
}

describe('a configuration file', () => {
  it('becomes the settings that it describes', () => {
    const { otel, section, views } = readConfigFile(write(FULL))
    const reader = { temporality: 'cumulative', exponentialHistograms: false }
    expect(otel).toEqual({
      disabled: false,
      logLevel: 'WARN',
      resource: { detectors: ['process'], attributes: { 'service.name': 'desk' } },
      propagators: ['tracecontext', 'b3'],
      limits: { span: { attributeCountLimit: 64 }, logRecord: { attributeCountLimit: 64 } },
      sampler: {
        name: 'parentbased',
        root: { name: 'traceidratio', ratio: 0.5 },
        remoteParentSampled: { name: 'always_on' },
      },
      exporters: {
        traces: [
          {
            name: 'otlp',
            protocol: 'http/json',
            otlp: { url: '/v1/traces', headers: { 'x-team': 'blue' }, compression: 'gzip' },
            batch: { scheduledDelayMillis: 100 },
            listen: {},
            reader,
          },
          { name: 'console', protocol: 'http/protobuf', otlp: {}, batch: 'simple', listen: {}, reader },
        ],
        metrics: [
          {
            name: 'otlp',
            protocol: 'grpc',
            otlp: { url: 'http://localhost:4317' },
            batch: {},
            listen: {},
            reader: { temporality: 'delta', exponentialHistograms: false, exportIntervalMillis: 2000 },
          },
          { name: 'prometheus', protocol: 'http/protobuf', otlp: {}, batch: {}, listen: { port: 9999 }, reader },
        ],
        logs: [{ name: 'otlp', protocol: 'http/protobuf', otlp: {}, batch: {}, listen: {}, reader }],
      },
    })
    expect(section).toEqual({ shutdown: { timeout_ms: 100 } })
    expect(views).toEqual([{ instrumentName: 'app.count', attributesProcessors: [expect.anything()] }])
  })

  it('is found right by the check', () => {
    expect(checkConfigFile(write(FULL))).toEqual([])
  })

  it.each([
    {
      what: 'a component that is not here',
      text: FULL.replace('otlp_grpc:', 'zipkin:'),
      finding: {
        path: 'meter_provider.readers[0].periodic.exporter.zipkin',
        line: lineOf(FULL, 'otlp_grpc'),
        column: 11,
        message:
          'meter_provider.readers[0].periodic.exporter.zipkin is not a component that @agentel/sdk has; there are: otlp_http, otlp_grpc, console',
      },
    },
    {
      what: 'a misspelt field of a known component',
      text: FULL.replace('schedule_delay', 'schedule_dely'),
      finding: {
        path: 'tracer_provider.processors[0].batch.schedule_dely',
        line: lineOf(FULL, 'schedule_delay'),
        column: 9,
        message: 'is not known here, beside exporter',
      },
    },
    {
      what: 'an unknown key in the section of agentel',
      text: FULL.replace('timeout_ms', 'timeout'),
      finding: {
        path: 'instrumentation/development.js.agentel.shutdown.timeout',
        line: lineOf(FULL, 'timeout_ms'),
        column: 9,
        message:
          'instrumentation/development.js.agentel.shutdown.timeout is not an option; there are: flush_on_exit, timeout_ms, exit_timeout_ms',
      },
    },
    {
      what: 'a wrong value in the section of agentel',
      text: FULL.replace('timeout_ms: 100', 'timeout_ms: soon'),
      finding: {
        path: 'instrumentation/development.js.agentel.shutdown.timeout_ms',
        line: lineOf(FULL, 'timeout_ms'),
        column: 9,
        message:
          'instrumentation/development.js.agentel.shutdown.timeout_ms is "soon", which is not a whole number of at least 1',
      },
    },
    {
      what: 'a wrong value for one profile',
      text: FULL.replace(
        'timeout_ms: 100',
        'timeout_ms: 100\n      profiles:\n        staging:\n          export: {delay_ms: -1}',
      ),
      finding: {
        path: 'instrumentation/development.js.agentel.profiles.staging.export.delay_ms',
        line: lineOf(FULL, 'timeout_ms') + 3,
        column: 20,
        message:
          'instrumentation/development.js.agentel.profiles.staging.export.delay_ms is -1, which is not a whole number of at least 0',
      },
    },
    {
      what: 'broken YAML',
      text: 'file_format: "1.0"\ntracer_provider: [\n',
      finding: { path: '', line: 3, column: 1, message: expect.stringContaining('Flow sequence') },
    },
    {
      what: 'another format',
      text: 'file_format: "2.0"\n',
      finding: {
        path: 'file_format',
        line: 1,
        column: 1,
        message: expect.stringMatching(/^Unsupported file_format: "2.0"/),
      },
    },
  ])('has $what named by path and line', ({ text, finding }) => {
    expect(checkConfigFile(write(text))).toEqual([finding])
  })

  it('as in the docs is right', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8')
    const [, example] = /```yaml\n([^`]+)```/.exec(page) ?? []
    expect(checkConfigFile(write(example ?? ''))).toEqual([])
  })

  it('that is not there is said to be so', () => {
    expect(checkConfigFile(join(folder, 'none.yaml'))).toEqual([
      { path: '', message: expect.stringContaining('cannot be read') },
    ])
  })

  describe('named by OTEL_CONFIG_FILE', () => {
    let sink: OtlpSink
    beforeEach(async () => {
      sink = await startOtlpSink()
    })
    afterEach(() => sink.close())
    const traces = `file_format: "1.0"
resource: {attributes: [{name: service.name, value: from-file}]}
tracer_provider:
  processors:
    - batch: {exporter: {otlp_http: {endpoint: "\${TEST_ENDPOINT}/v1/traces", encoding: json, headers: [{name: x-team, value: blue}]}}}
`

    it('is what the application is started with, in the place of OTEL_*', async () => {
      const run = await runApp('all-signals.mjs', {
        env: { OTEL_CONFIG_FILE: write(traces), TEST_ENDPOINT: sink.url, OTEL_SERVICE_NAME: 'from-environment' },
      })
      expect(run).toEqual({ code: 3, signal: null, stdout: 'done\n', stderr: '' })
      expect(sink.received.map(({ path, headers }) => [path, headers['x-team']])).toEqual([['/v1/traces', 'blue']])
      expect(sink.spans()).toMatchObject([{ name: 'app.work', resource: { 'service.name': 'from-file' } }])
    })

    it.each([
      ['AGENTEL_CONFIG_UNKNOWN_COMPONENT', traces.replace('otlp_http', 'zipkin')],
      ['AGENTEL_CONFIG_FILE_UNREADABLE', traces.replace('processors:', 'procesors:')],
      ['AGENTEL_CONFIG_UNKNOWN_KEY', `${traces}instrumentation/development: {js: {agentel: {colour: blue}}}\n`],
    ])('stops the start with %s when it is wrong', async (code, text) => {
      const run = await runApp('all-signals.mjs', { env: { OTEL_CONFIG_FILE: write(text), TEST_ENDPOINT: sink.url } })
      expect(run.code).toBe(1)
      expect(run.stderr).toContain(code)
    })
  })
})
