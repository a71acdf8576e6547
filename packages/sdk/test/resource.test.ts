import { execFileSync } from 'node:child_process'
import { hostDetector } from '@opentelemetry/resources'
import { describe, expect, it } from 'vitest'
import { buildResource } from '../src/resource.ts'

const UUID_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const instanceOf = () => buildResource({ detectors: ['serviceinstance'], attributes: {} }).attributes

describe('The resource', () => {
  it('names the host as OpenTelemetry does, without the id that has to be waited for', () => {
    const own = buildResource({ detectors: [], attributes: {} }).attributes
    const { 'host.id': id, ...quick } = hostDetector.detect().attributes!
    expect(id).toBeDefined()
    expect(buildResource({ detectors: ['host'], attributes: {} }).attributes).toEqual({ ...own, ...quick })
  })

  it('has an instance id that is a random UUID, and stays the same', () => {
    const id = instanceOf()['service.instance.id']
    expect(id).toMatch(UUID_4)
    expect(instanceOf()['service.instance.id']).toBe(id)
  })

  it('has another instance id in each process', () => {
    const source = new URL('../src/resource.ts', import.meta.url).href
    const code = `const { buildResource } = await import(${JSON.stringify(source)})
      console.log(buildResource({ detectors: ['serviceinstance'], attributes: {} }).attributes['service.instance.id'])`
    const run = () =>
      execFileSync(process.execPath, ['--conditions=@agentel/source', '--input-type=module', '-e', code], {
        encoding: 'utf8',
      }).trim()
    const ids = [run(), run(), run()]
    for (const id of ids) expect(id).toMatch(UUID_4)
    // Its longest group alone: 48 bits.
    expect(new Set(ids.map((id) => id.slice(-12))).size).toBe(3)
  })
})
