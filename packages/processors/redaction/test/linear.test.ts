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

const TOTAL = 160_000

/** Least time of a few rounds that look at {@link TOTAL} characters, in texts of `length` copies of a piece. */
function leastTime(piece: string, length: number): number {
  const text = piece.repeat(Math.ceil(length / piece.length))
  let least = Infinity
  for (let round = 0; round < 3; round++) {
    const before = performance.now()
    for (let done = 0; done < TOTAL; done += length) redactor.text(text, { count: 0, rules: new Set() })
    least = Math.min(least, performance.now() - before)
  }
  return least
}

// As many characters in one text as in sixteen: that takes as long if the time is linear, 16 times as long if it is
// quadratic. Both do about the same, so that what else the machine does at the time changes little.
it.each(PIECES)('takes a time that grows as the text does for many copies of %j', (piece) => {
  let growth = Infinity
  for (let attempt = 0; attempt < 5 && growth > 6; attempt++) {
    growth = leastTime(piece, TOTAL) / Math.max(leastTime(piece, TOTAL / 16), 0.05)
  }
  expect(growth).toBeLessThanOrEqual(6)
})
