/**
 * How often the first failing step that `agentel why` names agrees with the people who labelled the "Who&When" data set
 * (https://github.com/mingyin1/Agents_Failure_Attribution). For information: they blame whoever made the task fail, which
 * is often somebody whose code ran without an error.
 *
 * `npx -y pnpm@12 exec node --conditions=@agentel/source bench/why.ts FOLDER` writes bench/results/why.json.
 */
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { explainRecordings } from '../scripts/explain-recordings.ts'

const folder = process.argv[2]
if (folder === undefined) throw new Error('bench/why.ts: name the folder of the data set')
const all = await explainRecordings([resolve(folder)])
const named = all.filter(({ explained }) => explained !== null)
const share = (count: number) => Number((count / named.length).toFixed(3))
const count = (test: (one: (typeof all)[number]) => boolean) => named.filter(test).length
const result = {
  command: 'npx -y pnpm@12 exec node --conditions=@agentel/source bench/why.ts FOLDER',
  date: new Date().toISOString().slice(0, 10),
  conversations: all.length,
  logShowsAnError: all.filter(({ recorded }) => recorded !== null).length,
  failingStepNamed: named.length,
  // The terminal that fails runs the code of the step before it: people label either.
  agreesWithLabel: {
    agent: share(count(({ explained, label }) => explained?.agent === label.agent)),
    step: share(count(({ explained, label }) => explained?.step === label.step)),
    stepOrTheCodeBefore: share(
      count(({ explained, label }) => explained!.step === label.step || explained!.step - 1 === label.step),
    ),
  },
  withSimilarFailures: count(({ explanation }) => explanation.similar.total > 0),
}
writeFileSync(join(import.meta.dirname, 'results/why.json'), `${JSON.stringify(result, null, 2)}\n`)
console.log(JSON.stringify(result, null, 2))
