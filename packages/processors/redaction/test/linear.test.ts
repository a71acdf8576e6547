import { expect, it } from 'vitest'
import { createRedactor } from '../src/index.ts'

/** Pieces of which a text consists in many copies: for every pattern the beginnings that lead it furthest astray. */
const PIECES = [
  [
    '1 ',
    '01 ',
    '12 34 ',
    '1.',
    '1.1.1.1.',
    '+1',
    '+1 2 ',
    '(',
    '(2',
    '1)',
    '0',
    '9',
    '-1',
    '4111 ',
    '4111 1111 1111 ',
    '000-00-',
    '123-45-',
    '860-555-',
  ],
  ['a@', '@', 'a@a.', 'a.b.c@', '://a:', 'http://a:b', 'x:y@', 'é@', 'a@é.'],
  [
    'eyJ',
    'eyJa',
    'eyJa.',
    'eyJaaaaaaaaaaa.',
    'sk-',
    'sk-a',
    'sk-abcdefghijklmnopqrst-',
    'xoxb-',
    'ghp_',
    'ghp_a',
    'github_pat_',
    'npm_',
    'sk_live_',
    'AKIA',
    'AIza',
    'SG.',
    'SG.aaaaaaaaaaaaaaaaa',
  ],
  [
    'Bearer ',
    'Basic a',
    'Bearer aaaaaaaaaaaaaaa ',
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY',
    '-----',
    '--',
    '--password ',
    '--a-',
  ],
  [
    'password',
    'password:',
    'password=',
    'password: a ',
    'password: abc(',
    'token: ',
    'token=abc ',
    'cookie: ',
    'cookie: a ',
    'authorization: Bearer ',
    'a.b_c-d:',
  ],
  [
    '"password":"',
    '"password":"\\',
    '"password":"\\"',
    '"password":\\"',
    '"password":{',
    '"password":[',
    '"ssn": 1',
    '"',
    '\\',
    '"\\',
    '{',
    '{"a":',
    '\\\\"password\\\\":',
  ],
  [
    ':',
    '::',
    'a:',
    '1:',
    'ab:cd:',
    '=',
    'a=',
    '_',
    '-',
    'a_',
    'DE89 ',
    'DE8937',
    'DE89 3704 ',
    'AA11',
    'A',
    'I',
    'J',
    'G',
    'B',
    'aB3',
  ],
].flat()

const redactor = createRedactor()

/** Least time of several passes over `length` characters of copies of a piece. */
function leastTime(piece: string, length: number): number {
  const text = piece.repeat(Math.ceil(length / piece.length))
  let least = Infinity
  for (let round = 0; round < 3; round++) {
    const before = performance.now()
    redactor.text(text, { count: 0, rules: new Set() })
    least = Math.min(least, performance.now() - before)
  }
  return least
}

it.each(PIECES)('takes a time that grows as the text does for many copies of %j', (piece) => {
  leastTime(piece, 2000)
  // Sixteen times the text: 16 times the time if linear, 256 if quadratic. What is too quick to tell cannot be slow.
  let growth = Infinity
  for (let attempt = 0; attempt < 3 && growth > 64; attempt++)
    growth = leastTime(piece, 80_000) / Math.max(leastTime(piece, 5000), 0.02)
  expect(growth).toBeLessThanOrEqual(64)
})
