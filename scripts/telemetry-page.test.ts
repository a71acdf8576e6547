import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { metricDefinitions } from '../packages/semconv/src/registry.ts'
import { renderTelemetryPage } from './telemetry-page.ts'

const page = readFileSync(join(import.meta.dirname, '../docs/telemetry.md'), 'utf8')

it('documents every instrument with its unit and its buckets', () => {
  expect(page).toBe(renderTelemetryPage())
  const rows = page.split('\n')
  const undocumented = metricDefinitions.filter(({ name, unit, buckets = [], deprecated }) => {
    if (deprecated !== undefined) return false
    const row = rows.find((line) => line.startsWith(`| \`${name}\` |`))
    return row === undefined || !row.includes(`\`${unit}\``) || !row.includes(buckets.join(' '))
  })
  expect(undocumented).toEqual([])
})

it('leaves out what is deprecated', () => {
  expect(page).not.toContain('`gen_ai.client.token.usage`')
})
