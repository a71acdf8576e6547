import { spawnSync } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { runFixture } from './run-fixture.ts'
import { scratchFolder } from './scratch-folder.ts'

const { folder, remove } = scratchFolder({
  '@agentel/api': 'packages/api',
  '@agentel/testing': 'packages/testing',
  '@types/node': 'node_modules/@types/node',
})
afterAll(remove)

it('decorators of methods, static ones and generators work as tsc compiles them', () => {
  const root = join(import.meta.dirname, '../../..')
  const compilerOptions = { composite: false, declaration: false, sourceMap: false, outDir: 'out', rootDir: '.' }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.base.json'), compilerOptions, files: ['decorated.ts'] }),
  )
  cpSync(join(import.meta.dirname, 'fixtures/decorated.ts'), join(folder, 'decorated.ts'))
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder],
    {
      encoding: 'utf8',
    },
  )
  expect([status, stdout]).toEqual([0, ''])
  const tool = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search', 'gen_ai.tool.type': 'function' }
  expect(runFixture(join(folder, 'out/decorated.js'))).toEqual({
    planned: 'desk: x0,x1',
    words: ['a', 'b'],
    failed: 'RangeError: desk',
    method: ['search', 1],
    spans: [
      [
        'task create',
        {
          'agentel.task.name': 'create',
          'agentel.task.type': 'static',
          'agentel.task.parameters': '{"arguments":[2]}',
          'agentel.task.result': '{"limit":2}',
        },
      ],
      [
        'execute_tool search',
        {
          ...tool,
          'gen_ai.agent.name': 'planner',
          'gen_ai.tool.call.arguments': '{"q":"x"}',
          'gen_ai.tool.call.result': '{"result":["x0","x1"]}',
        },
      ],
      ['invoke_agent planner', { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner' }],
      [
        'task stream words',
        { 'agentel.task.name': 'stream words', 'agentel.task.parameters': '{"arguments":["a b c"]}' },
      ],
      [
        'task fail',
        {
          'agentel.task.name': 'fail',
          'agentel.task.parameters': '{"arguments":[]}',
          'error.type': 'RangeError',
          'agentel.error.category': 'other',
        },
      ],
    ],
  })
})
