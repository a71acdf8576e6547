import { describe, expect, it } from 'vitest'
import { resolveSettings } from '../src/settings.ts'

const traces = (env: Record<string, string>, options = {}) => resolveSettings(options, env).otel.exporters.traces[0]
const reader = (env: Record<string, string>, options = {}) =>
  resolveSettings(options, env).otel.exporters.metrics[0]?.reader

describe('the settings of a start', () => {
  it('are those of OpenTelemetry when nothing is said', () => {
    const { otel } = resolveSettings({}, {})
    expect(otel).toMatchObject({
      disabled: false,
      resource: { detectors: ['env', 'host', 'os', 'process', 'serviceinstance'], attributes: {} },
      sampler: { name: 'parentbased', root: { name: 'always_on' } },
      propagators: ['tracecontext', 'baggage'],
      limits: { span: {}, logRecord: {} },
    })
    for (const exporters of Object.values(otel.exporters)) {
      expect(exporters).toMatchObject([{ name: 'otlp', protocol: 'http/protobuf', otlp: {} }])
    }
  })

  it.each([
    ['development', 500, 5000],
    ['staging', 2000, 30_000],
    ['production', 5000, 60_000],
  ])('of profile %s wait %i ms for a batch and %i ms for metrics', (profile, delay, interval) => {
    const env = { AGENTEL_PROFILE: profile }
    expect(traces(env)?.batch).toMatchObject({ scheduledDelayMillis: delay })
    expect(reader(env)).toMatchObject({ exportIntervalMillis: interval })
  })

  it('prefer OTEL_* to the profile, and the options to both', () => {
    const env = { AGENTEL_PROFILE: 'development', OTEL_BSP_SCHEDULE_DELAY: '77', OTEL_METRIC_EXPORT_INTERVAL: '88' }
    expect(traces(env)?.batch).toMatchObject({ scheduledDelayMillis: 77 })
    expect(reader(env)).toMatchObject({ exportIntervalMillis: 88, exportTimeoutMillis: 88 })
    expect(traces(env, { export: { delayMs: 7 } })?.batch).toMatchObject({ scheduledDelayMillis: 7 })
    expect(reader(env, { export: { metricIntervalMs: 8 } })).toMatchObject({ exportIntervalMillis: 8 })
  })

  it('take a protocol per signal before the general one', () => {
    const env = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json' }
    const { exporters } = resolveSettings({}, env).otel
    expect(exporters.traces[0]?.protocol).toBe('grpc')
    expect(exporters.logs[0]?.protocol).toBe('http/json')
  })

  it('give each signal its path under an endpoint of the options, but not for gRPC', () => {
    const of = (protocol: 'grpc' | 'http/json') =>
      resolveSettings({ otlp: { endpoint: 'http://c:1/', protocol } }, {}).otel.exporters.logs[0]?.otlp.url
    expect(of('http/json')).toBe('http://c:1/v1/logs')
    expect(of('grpc')).toBe('http://c:1/')
  })

  it('hold everything that OTEL_* says of limits, sampler, propagators, detectors and metrics', () => {
    const { otel } = resolveSettings(
      {},
      {
        OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '10',
        OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '11',
        OTEL_SPAN_EVENT_COUNT_LIMIT: '12',
        OTEL_SPAN_LINK_COUNT_LIMIT: '13',
        OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: '14',
        OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: '15',
        OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: '16',
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.25',
        OTEL_PROPAGATORS: 'b3,baggage',
        OTEL_NODE_RESOURCE_DETECTORS: 'env,host',
        OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
        OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: 'base2_exponential_bucket_histogram',
        OTEL_BLRP_MAX_QUEUE_SIZE: '17',
        OTEL_LOG_LEVEL: 'debug',
      },
    )
    expect(otel).toMatchObject({
      logLevel: 'DEBUG',
      limits: {
        span: {
          attributeValueLengthLimit: 10,
          attributeCountLimit: 11,
          eventCountLimit: 12,
          linkCountLimit: 13,
          attributePerEventCountLimit: 14,
          attributePerLinkCountLimit: 15,
        },
        logRecord: { attributeValueLengthLimit: 10, attributeCountLimit: 16 },
      },
      sampler: { name: 'parentbased', root: { name: 'traceidratio', ratio: 0.25 } },
      propagators: ['b3', 'baggage'],
      resource: { detectors: ['env', 'host'] },
    })
    expect(otel.exporters.metrics[0]?.reader).toMatchObject({ temporality: 'delta', exponentialHistograms: true })
    expect(otel.exporters.logs[0]?.batch).toMatchObject({ maxQueueSize: 17 })
  })

  it('show metrics in the process when they are told to, beside what exports them, once', () => {
    const metrics = (options: object, env: Record<string, string> = {}) =>
      resolveSettings(options, env).otel.exporters.metrics.map(({ name, listen }) => ({ name, listen }))
    const port = { OTEL_EXPORTER_PROMETHEUS_PORT: '9500' }
    expect(metrics({ prometheus: { enabled: true, port: 9501, host: '0.0.0.0' } }, port)).toEqual([
      { name: 'otlp', listen: { port: 9500 } },
      { name: 'prometheus', listen: { host: '0.0.0.0', port: 9501 } },
    ])
    expect(metrics({}, { ...port, AGENTEL_PROMETHEUS_ENABLED: 'true' })[1]).toEqual({
      name: 'prometheus',
      listen: { port: 9500 },
    })
    expect(
      metrics({ prometheus: { enabled: true, port: 9501 } }, { ...port, OTEL_METRICS_EXPORTER: 'prometheus' }),
    ).toEqual([{ name: 'prometheus', listen: { port: 9501 } }])
    expect(metrics({ prometheus: { port: 9501 } })).toEqual([{ name: 'otlp', listen: {} }])
  })

  it('take a number from its least on, a flag in any case, and an exporter once', () => {
    const env = {
      OTEL_BSP_SCHEDULE_DELAY: '0',
      OTEL_BSP_MAX_QUEUE_SIZE: '1',
      OTEL_SDK_DISABLED: 'TRUE',
      OTEL_TRACES_EXPORTER: 'otlp, console,otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: '10.0.0.1:4317',
    }
    const { disabled, exporters } = resolveSettings({}, env).otel
    expect(disabled).toBe(true)
    expect(exporters.traces.map(({ name, batch }) => ({ name, batch }))).toEqual([
      { name: 'otlp', batch: { scheduledDelayMillis: 0, maxQueueSize: 1 } },
      { name: 'console', batch: 'simple' },
    ])
  })

  it.each([
    ['0', 0],
    ['1', 1],
    [undefined, 1],
  ])('sample by the ratio %s', (argument, ratio) => {
    const env = { OTEL_TRACES_SAMPLER: 'traceidratio', ...(argument && { OTEL_TRACES_SAMPLER_ARG: argument }) }
    expect(resolveSettings({}, env).otel.sampler).toEqual({ name: 'traceidratio', ratio })
  })

  it.each([
    [{ OTEL_BSP_SCHEDULE_DELAY: '1.5' }, 'OTEL_BSP_SCHEDULE_DELAY="1.5" is not a whole number of at least 0'],
    [{ OTEL_BSP_MAX_QUEUE_SIZE: '0' }, 'OTEL_BSP_MAX_QUEUE_SIZE="0" is not a whole number of at least 1'],
    [
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '1.5' },
      'OTEL_TRACES_SAMPLER_ARG="1.5" is not a number from 0 to 1',
    ],
    [
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '-0.5' },
      'OTEL_TRACES_SAMPLER_ARG="-0.5" is not a number from 0 to 1',
    ],
    [
      { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://' },
      'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT is not a URL: use http://host:4318',
    ],
  ])('refuse %j', (env, message) => {
    expect(() => resolveSettings({}, env)).toThrow(message)
  })

  it('have no exporter for a signal whose exporter is none', () => {
    expect(resolveSettings({}, { OTEL_TRACES_EXPORTER: 'none' }).otel.exporters.traces).toEqual([])
  })
})
