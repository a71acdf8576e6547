import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findAttribute } from '@agentel/semconv/registry'
import { findMetric } from '@agentel/semconv/registry/metrics'
import { describe, expect, it } from 'vitest'
import { configFields } from '../src/generated/config-fields.ts'
import { resolveSettings } from '../src/settings.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8')
const section = page.split('## Keys that you may know from elsewhere')[1]?.split('\n## ')[0] ?? ''
/** Key of another framework, and what stands for it here: options and variables. */
const rows = [...section.matchAll(/^\| `([a-z_.]+)` \| (.*) \|$/gm)].map(([, key = '', ours = '']) => ({
  key,
  ours: [...ours.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.split('=')[0] ?? ''),
}))

const metrics = (options: object, env: Record<string, string> = {}) =>
  resolveSettings(options, env).otel.exporters.metrics

const routes = readFileSync(join(import.meta.dirname, '../../console/src/api/routes.ts'), 'utf8')

/** Names of the registry, addresses of the console's API and their parameters. */
function isThere(name: string): boolean {
  if (name.startsWith('/api/')) return routes.includes(`'${name.slice('/api'.length)}`) || routes.includes(`'${name}`)
  return findMetric(name) !== undefined || findAttribute(name) !== undefined || routes.includes(`'${name}'`)
}

describe('a key of another framework', () => {
  it('has an option or a variable that is there, each key once', () => {
    const options = new Set(configFields.map(({ path }) => path))
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
    for (const { key, ours } of rows) {
      const known = ours.filter((name) => options.has(name) || /^(OTEL|AGENTEL)_/.test(name) || isThere(name))
      expect(known, key).toEqual(ours)
      expect(known.length, key).toBeGreaterThan(0)
    }
  })

  it('of logging has its default', () => {
    expect(resolveSettings({}, {}).config.logging).toEqual({
      level: 'INFO',
      maxFileSizeMb: 100,
      backupCount: 5,
      json: true,
      callerInfo: false,
    })
    expect(rows.filter(({ key }) => key.startsWith('logging.')).map(({ key }) => key.split('.')[1])).toEqual([
      'file',
      'level',
      'max_file_size_mb',
      'backup_count',
      'json_format',
      'include_caller_info',
    ])
  })

  it('of event_monitoring has its default or is always on', () => {
    const { config } = resolveSettings({ console: { retentionHours: 24, cleanupIntervalMinutes: 60 } }, {})
    expect(config.console).toMatchObject({ retentionHours: 24, cleanupIntervalMinutes: 60 })
    expect(rows.filter(({ key }) => key.startsWith('event_monitoring.')).map(({ key }) => key.split('.')[1])).toEqual([
      'trace_retention_hours',
      'cleanup_interval_minutes',
      'track_payload_size',
      'detailed_timing',
      'max_traces_per_transaction',
    ])
  })

  it('of worker_monitoring has its default', () => {
    const { health } = resolveSettings({}, {}).config
    expect(health).toMatchObject({
      intervalMs: 30_000,
      windowMinutes: 60,
      unhealthyBelow: 1 - 0.1,
      degradedBelow: 0.95,
    })
    expect(rows.filter(({ key }) => key.startsWith('worker_monitoring.')).map(({ key }) => key.split('.')[1])).toEqual([
      'health_check_interval_seconds',
      'performance_window_minutes',
      'error_rate_threshold',
      'slow_execution_threshold_ms',
    ])
  })

  it('of metrics_collection sets interval, retention, endpoint and port', () => {
    const { config } = resolveSettings({}, {})
    expect(config.console.metricRetentionHours).toBe(168)
    expect(metrics({})[0]?.reader.exportIntervalMillis).toBe(60_000)
    expect(metrics({ export: { metricIntervalMs: 9000 } })[0]?.reader.exportIntervalMillis).toBe(9000)
    expect(metrics({ prometheus: { enabled: true, port: 9000 } })[1]).toMatchObject({
      name: 'prometheus',
      listen: { port: 9000 },
    })
    expect(rows.filter(({ key }) => key.startsWith('metrics_collection.')).map(({ key }) => key.split('.')[1])).toEqual(
      ['collection_interval_seconds', 'retention_hours', 'export_prometheus', 'export_port'],
    )
  })
})
