import { expect, it } from 'vitest'
import { writtenOutNames } from './written-out-names.ts'

const names = new Set(['gen_ai.request.model', 'agentel.errors'])

it('finds a name that is written out, as a value and as a key, with its line', () => {
  const source = "set('gen_ai.request.model')\nconst a = { 'agentel.errors': 1 }\n"
  expect(writtenOutNames('a.ts', source, names)).toEqual([
    "a.ts:1: 'gen_ai.request.model' is written out; take the constant from @agentel/semconv",
    "a.ts:2: 'agentel.errors' is written out; take the constant from @agentel/semconv",
  ])
})

it('does not mind names in comments, or those that are not ours', () => {
  expect(writtenOutNames('a.ts', "// 'gen_ai.request.model'\nset('http.route')\n", names)).toEqual([])
})
