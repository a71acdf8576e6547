import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkConfigFile, unsetVariables } from '../src/check-config-file.ts'
import { readConfigFile } from '../src/config-file.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentel-check-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function write(text: string | Uint8Array): string {
  const file = join(folder, 'otel.yaml')
  writeFileSync(file, text)
  return file
}

const HEAD = 'file_format: "1.0"\n'
const SECTION = `${HEAD}instrumentation/development:\n  js:\n    agentel:\n`

/** Findings as `line path message`. */
function told(text: string | Uint8Array): string[] {
  return checkConfigFile(write(text)).map(({ line, path, message }) => `${line} ${path} ${message}`)
}

describe('a check of a configuration file', () => {
  it('reads the files that the section names as a start would, and tells what is wrong in them', () => {
    const named = (name: string, text: string) => {
      writeFileSync(join(folder, name), text)
      return JSON.stringify(join(folder, name))
    }
    const right = `${SECTION}      cost: {prices: ${named('p.yaml', 'models: [{model: m, prices: {input_mtok: 1}}]')}}
      budgets: {file: ${named('b.yaml', '- {name: daily, scope: total, period: day, cost: 5}')}}
      alerts: {rules: ${named('r.yaml', 'rules: []')}}
`
    expect(told(right)).toEqual([])
    rmSync(join(folder, 'p.yaml'))
    named('b.yaml', '- {name: daily, scope: totl, period: day, cost: 5}')
    named('r.yaml', 'rules: 5')
    const inside = 'instrumentation/development.js.agentel.'
    expect(told(right)).toEqual([
      expect.stringContaining(`5 ${inside}cost.prices price file ${folder}/p.yaml: ENOENT: no such file`),
      `6 ${inside}budgets.file budget list ${folder}/b.yaml: budgets: [0].scope must be one of total, tenant, agent, user, session`,
      expect.stringContaining(`7 ${inside}alerts.rules ${folder}/r.yaml is not a file of alert rules`),
    ])
  })

  it('tells of all that is wrong at once, by line: in the schema, in components and in our section', () => {
    const text = `${HEAD}tracer_provider:
  processors:
    - batch: {exporter: {otlp_htp: }}
    - batch: {exporter: {otlp_http: {endpoint: 5}}}
    - batch: {exporter: {otlp_http: {timeout: -1}}}
  smpler: 1
log_level: 7
meter_provider:
  raeders: []
instrumentation/development:
  js:
    agentel:
      profle: staging
      shutdown: {timeout_ms: soon}
      profiles: {stagin: {disabled: true}, staging: {metrics: {max_rows: x}}}
`
    const section = 'instrumentation/development.js.agentel'
    expect(told(text)).toEqual([
      expect.stringMatching(
        /^4 tracer_provider.processors\[0\].batch.exporter.otlp_htp .* is not a component .*; did you mean "otlp_http"\?$/,
      ),
      '5 tracer_provider.processors[1].batch.exporter.otlp_http.endpoint must be string,null',
      '6 tracer_provider.processors[2].batch.exporter.otlp_http.timeout must be >= 0',
      '7 tracer_provider.smpler is not known here, beside processors',
      '8 log_level must be string,null',
      '9 meter_provider must have required property \'readers\'; "raeders" is there, which is not known',
      expect.stringMatching(/^14 .*agentel.profle .* is not an option; .*; did you mean "profile"\?$/),
      `15 ${section}.shutdown.timeout_ms ${section}.shutdown.timeout_ms is "soon", which is not a whole number of at least 1`,
      expect.stringMatching(/^16 .*.profiles.stagin .* is not a profile; .*; did you mean "staging"\?$/),
      `16 ${section}.profiles.staging.metrics.max_rows ${section}.profiles.staging.metrics.max_rows is "x", which is not a whole number of at least 1`,
    ])
  })

  it.each([
    [
      'a key at the top that nothing reads',
      `${HEAD}tracerprovider: {}\n`,
      '2 tracerprovider is not read by anything; did you mean "tracer_provider"?',
    ],
    [
      'our section at the top',
      `${HEAD}agentel: {}\n`,
      '2 agentel is not read here; it belongs under instrumentation/development.js.agentel',
    ],
    ['a format that is missing', 'disabled: false\n', '1  file_format is missing; write file_format: "1.0"'],
    [
      'an alias of nothing',
      `${HEAD}log_level: *secret\n`,
      '2 log_level is an alias of an anchor that is not there; write a text that begins with * in quotes',
    ],
    [
      'a substitution that cannot be read',
      `${HEAD}log_level: \${:-secret}\n`,
      '2 log_level has a ${…} that cannot be read; write ${NAME} or ${NAME:-what to take without it}',
    ],
    ['a key that stands twice', `${HEAD}log_level: info\nlog_level: warn\n`, '3  Map keys must be unique'],
    [
      'a key with dots',
      `${SECTION}      shutdown.timeout: 5\n`,
      expect.stringMatching(/^5 .*agentel.shutdown.timeout .* is not an option/),
    ],
    [
      'a list that holds itself',
      `${HEAD}tracer_provider: &a\n  processors: [*a]\n`,
      '3 tracer_provider.processors[0].processors must be object,null',
    ],
    ['nothing', '', '1  has no settings; it begins with file_format: "1.0"'],
    ['a remark only', '# nothing\n', '1  has no settings; it begins with file_format: "1.0"'],
    ['a list', '- a\n', '1  has no settings; it begins with file_format: "1.0"'],
    [
      'bytes',
      Uint8Array.from({ length: 1000 }, (_, index) => index),
      'undefined  cannot be read: it is not text in UTF-8',
    ],
    ['UTF-16', Buffer.from(`\ufeff${HEAD}`, 'utf16le'), 'undefined  cannot be read: it is not text in UTF-8'],
    [
      'too much',
      'a: 1\n'.repeat(100_000),
      'undefined  cannot be read: it has 500000 bytes; a configuration file may have 262144',
    ],
  ])('names %s', (_what, text, finding) => {
    expect(told(text)).toEqual([finding])
  })

  it('lets anchors stand at the top, under names that begin with x-', () => {
    expect(told(`${HEAD}x-limits: &l {attribute_count_limit: 3}\nattribute_limits: *l\n`)).toEqual([])
  })

  it('does not unfold aliases of aliases', () => {
    const names = ['b', 'c', 'd', 'e', 'f', 'g', 'h']
    const lines = names.map((name, index) => {
      const before = index === 0 ? 'a' : names[index - 1]
      return `x-${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]\n`
    })
    expect(told(`${HEAD}x-a: &a [1, 2, 3]\n${lines.join('')}`)).toEqual([
      '1  Excessive alias count indicates a resource exhaustion attack',
    ])
  })

  it('refuses a directory, as a start does', () => {
    const path = join(folder, 'directory.yaml')
    mkdirSync(path)
    expect(checkConfigFile(path)).toEqual([{ path: '', message: 'cannot be read: it is a directory' }])
    expect(() => readConfigFile(path)).toThrow('it is a directory')
  })

  it('tells of fifty things at most: more are one mistake that shows in many places', () => {
    const keys = Array.from({ length: 200 }, (_, index) => `wrong${index}: 1\n`)
    expect(told(`${HEAD}${keys.join('')}`)).toHaveLength(50)
  })

  it('shows no secret, and leaves no copy of the file', () => {
    const copies = () => readdirSync(tmpdir()).filter((name) => /^agentel-check-(?!test)/.test(name))
    const before = copies()
    const text = `${SECTION}      otlp: {endpoint: SECRET, headers: SECRET}
      redaction: {hash_key: SECRET, presidio: {token: [SECRET], url: SECRET}}
      budgets: {server: {a: SECRET}}
      health: {token: SECRET}
      service_name: {a: SECRET}
      profile: [SECRET]
`
    const findings = told(text)
    expect(findings).toHaveLength(9)
    expect(findings.join()).not.toContain('SECRET')
    expect(copies().filter((name) => !before.includes(name))).toEqual([])
  })

  it('names variables that a right file takes and that are not set', () => {
    const file = write(`${SECTION}      service_name: \${A_NAME}
      content: {folder: "\${A_FOLDER:-/tmp}/\${env:ANOTHER}/$\${NOT}"}
      metrics:
        max_rows: \${ROWS:-5}
`)
    expect(checkConfigFile(file)).toEqual([])
    expect(unsetVariables(file, { A_NAME: ' ' })).toEqual([
      { name: 'A_NAME', path: 'instrumentation/development.js.agentel.service_name', line: 5 },
      { name: 'ANOTHER', path: 'instrumentation/development.js.agentel.content.folder', line: 6 },
    ])
    expect(unsetVariables(file, { A_NAME: 'a', ANOTHER: 'b' })).toEqual([])
  })
})
