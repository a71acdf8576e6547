/** The files for Grafana and compose, as far as they can be known to be right without running either. */
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '..')
const files = globSync('deploy/grafana/dashboards/*.json', { cwd: root }).toSorted()
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

interface DashboardJson {
  uid: string
  panels: {
    title: string
    description: string
    datasource?: { uid: string }
    targets: object[]
    gridPos: { x: number; y: number; w: number; h: number }
  }[]
  templating: { list: { name: string }[] }
}

it("has dashboards that Grafana's own types accept", () => {
  const folder = join(root, '.cache/dashboards')
  mkdirSync(folder, { recursive: true })
  // JSON has the texts of the types' enums.
  const head = `import type { Dashboard } from '@grafana/schema'
type Written<T> = T extends string ? \`\${T}\` : T extends readonly (infer U)[] ? Written<U>[] : T extends object ? { [K in keyof T]: Written<T[K]> } : T
type File = Written<Partial<Dashboard>>`
  const source = files.map((file) => `void (${read(file).trim()} satisfies File)`)
  writeFileSync(join(folder, 'dashboards.ts'), [head, ...source].join('\n'))
  const config = {
    extends: '../../tsconfig.base.json',
    compilerOptions: {
      noEmit: true,
      composite: false,
      incremental: false,
      lib: ['es2025', 'dom', 'dom.iterable'],
      types: [],
      skipLibCheck: true,
    },
    include: ['dashboards.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const { status, stdout } = spawnSync('tsc', ['-p', folder], { encoding: 'utf8', cwd: root })
  expect(status, stdout).toBe(0)
})

it.each(files)(
  '%s has panels that do not overlap, each explained, and only data sources that are variables',
  (file) => {
    const { panels, templating } = JSON.parse(read(file)) as DashboardJson
    const names = new Set(templating.list.map(({ name }) => `\${${name}}`))
    for (const panel of panels) {
      expect([panel.title, panel.description, panel.targets.length]).not.toContain(panel.targets.length === 0 ? 0 : '')
      expect(names).toContain(panel.datasource?.uid)
    }
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBeLessThanOrEqual(24)
  },
)

it('draws a line where there is a target', () => {
  const steps = (file: string, title: string): (number | null)[] => {
    const { panels } = JSON.parse(read(`deploy/grafana/dashboards/${file}.json`)) as {
      panels: { title: string; fieldConfig: { defaults: { thresholds: { steps: { value: number | null }[] } } } }[]
    }
    return panels
      .find((panel) => panel.title === title)!
      .fieldConfig.defaults.thresholds.steps.map(({ value }) => value)
  }
  expect(steps('overview', 'Average latency by model')).toEqual([null, 2, 5])
  expect(steps('overview', 'Tokens per request')).toEqual([null, 1000, 5000])
  expect(steps('overview', 'Cost per request')).toEqual([null, 0.01, 0.05])
  expect(steps('overview', 'Errors, share')).toEqual([null, 0.01, 0.05])
  expect(steps('tools', 'Success by tool')).toEqual([null, 0.9, 0.95])
})

it('publishes ports on loopback only, and pins every image', () => {
  interface Service {
    image: string
    ports?: string[]
    volumes?: string[]
  }
  const { services } = parse(read('docker-compose.yml')) as { services: Record<string, Service> }
  for (const { image, ports = [] } of Object.values(services)) {
    expect(image).toMatch(/:v?\d+/)
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
  }
})

it('provisions data sources that are linked to each other, and the dashboards where compose mounts them', () => {
  const { datasources } = parse(read('deploy/grafana/provisioning/datasources/agentel.yaml')) as {
    datasources: { uid: string; jsonData: object }[]
  }
  const uids = datasources.map(({ uid }) => uid)
  const linked = datasources.map(({ jsonData }) =>
    [...JSON.stringify(jsonData).matchAll(/"datasourceUid":"(\w+)"/g)].map(([, uid]) => uid),
  )
  expect(uids).toEqual(['prometheus', 'jaeger', 'loki'])
  expect(linked).toEqual([['jaeger'], ['loki', 'prometheus'], ['jaeger']])
  const { providers } = parse(read('deploy/grafana/provisioning/dashboards/agentel.yaml')) as {
    providers: { options: { path: string } }[]
  }
  expect(read('docker-compose.yml')).toContain(`./deploy/grafana/dashboards:${providers[0]!.options.path}:ro`)
})
