import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { runFixture } from './run-fixture.ts'
import { scratchFolder } from './scratch-folder.ts'

const { folder, remove } = scratchFolder({
  '@agentel/semconv': 'packages/semconv',
  '@agentel/testing': 'packages/testing',
  '@opentelemetry/api': 'packages/api/node_modules/@opentelemetry/api',
})
afterAll(remove)

it('two versions of the package in one process, imported and required, share gates, identity, settings and faults', () => {
  const source = join(import.meta.dirname, '../src')
  for (const copy of ['a', 'b']) cpSync(source, join(folder, copy, 'src'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  const version = join(folder, 'b/src/version.ts')
  writeFileSync(version, readFileSync(version, 'utf8').replace(/'\d+\.\d+\.\d+[^']*'/, "'9.9.9'"))
  cpSync(join(import.meta.dirname, 'fixtures/copies.cjs'), join(folder, 'copies.cjs'))
  const manifest = JSON.parse(readFileSync(join(source, '../package.json'), 'utf8')) as { version: string }
  expect(runFixture(join(folder, 'copies.cjs'))).toEqual({
    same: false,
    gate: [['GateError', 'policy', true, true, false], 'ran', 'ran'],
    identity: { userId: 'u1', sessionId: 's1' },
    agent: 'planner',
    content: 'SPAN_ONLY',
    faults: { a: 2 },
    // The scope's version is that of the package: this test fails when version.ts and package.json differ.
    spans: [
      ['task of a', 'u1', manifest.version],
      ['task of b', 'u1', '9.9.9'],
    ],
    oneTrace: true,
  })
})
