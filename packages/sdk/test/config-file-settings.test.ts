import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { applyConfig } from '../src/apply-config.ts'
import { readConfigFile } from '../src/config-file.ts'
import { readConfig } from '../src/config-reader.ts'

const folder = mkdtempSync(join(tmpdir(), 'agentel-config-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(text: string): string {
  const file = join(folder, 'otel.yaml')
  writeFileSync(file, text)
  return file
}

describe('a configuration file', () => {
  it('may switch everything off, prefer little memory, and limit spans otherwise than all', () => {
    const { otel } = readConfigFile(
      write(`file_format: "1.0"
disabled: true
log_level: fatal4
attribute_limits: {attribute_value_length_limit: 100, attribute_count_limit: 10}
tracer_provider:
  processors: [{simple: {exporter: {console: }}}]
  limits: {attribute_value_length_limit: 200}
meter_provider:
  readers:
    - periodic:
        timeout: 300
        exporter:
          otlp_http:
            temporality_preference: low_memory
            default_histogram_aggregation: base2_exponential_bucket_histogram
logger_provider:
  processors: [{simple: {exporter: {console: }}}]
  limits: {attribute_count_limit: 20}
`),
    )
    const { disabled, logLevel, limits, exporters } = otel
    expect({ disabled, logLevel, limits, reader: exporters.metrics[0]?.reader }).toEqual({
      disabled: true,
      logLevel: 'ERROR',
      limits: {
        span: { attributeValueLengthLimit: 200, attributeCountLimit: 10 },
        logRecord: { attributeValueLengthLimit: 100, attributeCountLimit: 20 },
      },
      reader: { temporality: 'lowmemory', exponentialHistograms: true, exportTimeoutMillis: 300 },
    })
  })

  it('gives way to the options, key by key', () => {
    const { otel } = readConfigFile(
      write(`file_format: "1.0"
resource:
  attributes: [{name: service.name, value: desk}, {name: team, value: blue}, {name: region, value: eu}]
tracer_provider:
  processors:
    - batch: {schedule_delay: 100, exporter: {console: }}
    - simple: {exporter: {console: }}
`),
    )
    const options = {
      serviceName: 'mine',
      resourceAttributes: { 'service.name': 'theirs', team: 'red', floor: 2 },
      export: { delayMs: 7 },
    }
    const applied = applyConfig(otel, readConfig({ options, env: {} }))
    expect(applied.resource.attributes).toEqual({ 'service.name': 'mine', team: 'red', floor: 2, region: 'eu' })
    expect(applied.exporters.traces.map(({ batch }) => batch)).toEqual([{ scheduledDelayMillis: 7 }, 'simple'])
  })
})
