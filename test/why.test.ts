import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runCli } from '../packages/cli/test/run-cli.ts'
import { explainRecordings } from '../scripts/explain-recordings.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
// The public data set lies beside the repository where it has been downloaded; see packages/demo/README.md.
const LARGE = [path('../../shared/data/who-and-when')].filter((folder) => existsSync(folder))
const SMALL = path('fixtures/recordings/experts.json')

it('names the first failing step of every recorded conversation whose log shows an error, and none of the others', async () => {
  const explained = await explainRecordings([SMALL, ...LARGE])
  expect(explained.filter(({ recorded }) => recorded !== null).length).toBeGreaterThan(0)
  for (const { id, recorded, explained: found, explanation } of explained) {
    expect([id, found]).toEqual([id, recorded])
    expect([id, explanation.error?.category]).toEqual([id, recorded === null ? undefined : 'tool'])
    // Runs in which there was an error of the same type, and the same agent.
    const { error, agent } = explanation.origin ?? {}
    const alike = explained.filter(
      ({ id: other, errors, agents }) => other !== id && errors.includes(error ?? '') && agents.includes(agent ?? ''),
    )
    expect([id, explanation.similar.total]).toEqual([id, recorded === null ? 0 : alike.length])
  }
}, 300_000)

it('tells a script the same: the step, what had worked before, the calls until then, and no similar failures', async () => {
  let told = ''
  const [{ explanation }] = (await explainRecordings([SMALL], async (url) => {
    const { stdout, code } = await runCli(['why', 'last', '--json', '--url', url], {})
    told = stdout
    expect(code).toBe(0)
  })) as [Awaited<ReturnType<typeof explainRecordings>>[number]]
  expect(JSON.parse(told)).toEqual(explanation)
  expect(explanation).toMatchObject({
    failed: false,
    path: ['Review_Expert'],
    origin: { name: 'execute_tool Computer_terminal', error: '1' },
    lastSuccess: { name: 'chat gpt-4o', agent: 'Review_Expert', error: null },
    toolCalls: [{ error: null }, { error: '1' }],
    context: { session: 'primes-between-10-and-30', model: 'gpt-4o' },
    similar: { total: 0, traceIds: [] },
  })
}, 60_000)
