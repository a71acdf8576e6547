/**
 * What @agentel/api costs in a process without an SDK: ns a call beyond the bare call, median of rounds in which all
 * variants take turns. The work inside is a tool's: about a microsecond, or one turn of the event loop.
 * Run: node --conditions=@agentel/source bench/api-noop.ts
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { generation, startTask, task, withIdentity, wrapTool } from '../packages/api/src/index.ts'

const CALLS = 50_000
const ROUNDS = 41

const work = (n: number): number => JSON.stringify({ n, text: 'a tool that does about a microsecond of work' }).length
const tool = wrapTool(work, { name: 'work' })
const options = { provider: 'p', model: 'm' }
const identity = { userId: 'u1' }

const sync: Record<string, (n: number) => number> = {
  bare: work,
  'bare again': (n) => work(n),
  task: (n) => task('t', () => work(n)),
  'task by hand': (n) => {
    const handle = startTask('t')
    const length = work(n)
    handle.end()
    return length
  },
  wrapTool: tool,
  generation: (n) => generation(options, () => work(n)),
  withIdentity: (n) => withIdentity(identity, () => work(n)),
}
const turn = async (n: number): Promise<number> => {
  await Promise.resolve()
  return work(n)
}
const async_: Record<string, (n: number) => Promise<number>> = {
  bare: turn,
  'bare again': (n) => turn(n),
  task: (n) => task('t', () => turn(n)),
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
let sum = 0

/** Nanoseconds a call of each variant. All take turns in every round, so that what the machine does hits all alike. */
async function measure(
  variants: Record<string, (n: number) => number | Promise<number>>,
): Promise<Record<string, number>> {
  const times = new Map(Object.keys(variants).map((name) => [name, [] as number[]]))
  for (let round = -3; round < ROUNDS; round++) {
    for (const [name, call] of Object.entries(variants)) {
      const before = performance.now()
      for (let n = 0; n < CALLS; n++) {
        const result = call(n)
        sum += typeof result === 'number' ? result : await result
      }
      // The first rounds only warm up.
      if (round >= 0) times.get(name)!.push(((performance.now() - before) / CALLS) * 1e6)
    }
  }
  return Object.fromEntries([...times].map(([name, values]) => [name, median(values)]))
}

/** The bare call in ns, and what each variant adds to it. */
function overBare(nanoseconds: Record<string, number>): Record<string, number> {
  const { bare = 0, ...others } = nanoseconds
  return Object.fromEntries([
    ['bare call', Math.round(bare)],
    ...Object.entries(others).map(([name, value]) => [`added by: ${name}`, Math.round(value - bare)] as const),
  ])
}

const results = {
  command: 'node --conditions=@agentel/source bench/api-noop.ts',
  unit: `ns a call, median of ${ROUNDS} rounds of ${CALLS}; no SDK is registered`,
  'synchronous work': overBare(await measure(sync)),
  'asynchronous work': overBare(await measure(async_)),
  machine: `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown'}, load of others not excluded`,
}
console.log(JSON.stringify(results, undefined, 2))
writeFileSync(new URL('results/api-noop.json', import.meta.url), `${JSON.stringify(results, undefined, 2)}\n`)
if (sum === 0) throw new Error('nothing was measured')
