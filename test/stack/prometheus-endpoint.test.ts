/** The endpoint in the process, and the way through the collector: the same series, so that one set of rules serves both. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openOnTakenPort, recordEverything } from '../../packages/sdk/test/everything-meter.ts'
import { metricDefinitions } from '../../packages/semconv/src/registry.ts'
import { freePorts } from '../../scripts/stack/ports.ts'
import { type Stack, startStack } from '../../scripts/stack/start-stack.ts'
import { eventually } from './backends.ts'

const folder = mkdtempSync(join(tmpdir(), 'agentel-endpoint-'))
let stack: Stack
let everything: { stop(): Promise<void> }
let endpoint: string
let through: string

beforeAll(async () => {
  const ports = await freePorts()
  through = `http://127.0.0.1:${ports.collectorPrometheus}/metrics`
  stack = await startStack({ folder, ports, collectorEnv: { OTELCOL_BATCH_TIMEOUT: '200ms' } })
  const own = (await freePorts()).loki
  endpoint = `http://127.0.0.1:${own}/metrics`
  everything = await recordEverything(stack.urls.otlp, own)
})
afterAll(async () => {
  await everything?.stop()
  await stack?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Names and labels of the page's series of this service, without what says where they come from. */
function seriesOf(page: string): string[] {
  const ours = page
    .split('\n')
    .filter((line) => line.includes('service_name="both"') && !line.startsWith('target_info'))
  return ours
    .map((line) => {
      const [, name, labels] = /^(\w+)\{(.*)\} /.exec(line)!
      const kept = labels!
        .split(/,(?=\w+=)/)
        .filter((label) => !/^(otel_scope_|job=|instance=|deployment_environment_name=)/.test(label))
      // Prometheus 3 writes bounds in one way, however they come.
      const bounds = kept.map((label) => label.replace(/^le="([\d.e+-]+)"$/, (_, bound) => `le=${Number(bound)}`))
      return `${name}{${bounds.toSorted().join()}}`
    })
    .toSorted()
}

it('gives every metric of the registry the same names, units, suffixes and labels on both ways', async () => {
  const read = async (url: string): Promise<string[]> => seriesOf(await (await fetch(url)).text())
  const own = await read(endpoint)
  expect(own.length).toBeGreaterThan(metricDefinitions.length)
  const theirs = await eventually(
    () => read(through),
    (list) => list.length >= own.length,
    20_000,
  )
  expect(own).toEqual(theirs)
})

it('says so when its port is taken, and goes on', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  expect(await openOnTakenPort((taken.address() as AddressInfo).port, 500)).toContain('EADDRINUSE')
  taken.close()
})
