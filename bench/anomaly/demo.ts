/**
 * Faults brought into the demo, and what was reported of them: `pnpm bench:anomaly:demo [--questions 110] [--after 80]`.
 * Everything is real but the model: two processes, the SDK, OTLP, the console.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs, stripVTControlCharacters } from 'node:util'

const { values } = parseArgs({
  options: { questions: { type: 'string', default: '110' }, after: { type: 'string', default: '80' } },
})
const root = join(import.meta.dirname, '../..')
const faults = [undefined, 'tool-outage', 'loop', 'token-blowup', 'silent-agent', 'slow-model']

const rows = faults.map((fault) => {
  const args = ['--once', '--local', '--port', '0', '--pace', '0.02', '--questions', values.questions]
  const main = join(root, 'packages/demo/src/main.ts')
  const injected = fault === undefined ? [] : ['--fault', `${fault}:${values.after}`]
  const started = performance.now()
  const run = spawnSync(process.execPath, ['--conditions=@agentel/source', main, ...args, ...injected], {
    encoding: 'utf8',
  })
  const seconds = (performance.now() - started) / 1000
  const text = stripVTControlCharacters(run.stdout)
  const anomalies = [...text.matchAll(/^anomaly at question (\d+): (.*)$/gm)].map(([, question, explanation]) => ({
    questionsAfterTheFault: fault === undefined ? null : Number(question) - Number(values.after),
    explanation,
  }))
  process.stderr.write('.')
  return { fault: fault ?? 'none', seconds: Math.round(seconds * 10) / 10, ledgerAgrees: run.status === 0, anomalies }
})
process.stderr.write('\n')
const command = `pnpm bench:anomaly:demo --questions ${values.questions} --after ${values.after}`
const text = `${JSON.stringify({ command, node: process.version, rows }, null, 2)}\n`
writeFileSync(join(root, 'bench/results/anomaly-demo.json'), text)
console.log(text)
