import { expect, it } from 'vitest'
import { onAssignment } from '../src/assignment-rules.ts'
import { createFinder, type Finder, handlersOf, mergeFindings } from '../src/find-secrets.ts'
import { onNumber } from '../src/number-rules.ts'
import { RULES, type Scan } from '../src/scan-state.ts'
import { createKeyClassifier } from '../src/sensitive-keys.ts'
import { PIECES } from './pieces.ts'
import { digits, grouped, IBANS, KINDS, luhnDigit, pick, type Random, randomFrom } from './secrets.ts'

const classify = createKeyClassifier()
const rules = new Set<string>(RULES)

/** Asks every rule at every character at which it could begin: slow, and without an expression that looks ahead. */
const everywhere: Finder = (text) => {
  const scan: Scan = { text, rules, findings: [], floor: 0 }
  const handlers = handlersOf(classify)
  for (let index = 0; index < text.length;) index = handlers[text.charCodeAt(index)]?.(scan, index) ?? index + 1
  scan.floor = 0
  for (let index = 0; index < text.length;)
    index = /[:=]/.test(text[index]!) ? onAssignment(scan, index, classify) : index + 1
  scan.floor = 0
  for (let index = 0; index < text.length;) {
    const begins = /\d/.test(text[index]!) && !/\d/.test(text[index - 1] ?? '')
    index = begins ? onNumber(scan, index) : index + 1
  }
  return scan.findings.length === 0 ? undefined : mergeFindings(scan.findings)
}

const DIVIDERS = [
  '',
  ' ',
  '-',
  '.',
  '/',
  ':',
  ',',
  '\n',
  '(',
  ')',
  ') ',
  ' (',
  '+',
  '@',
  '_',
  '=',
  '"',
  "'",
  'a',
  'Z',
  'é',
  '日',
]
const WORDS = [
  'ssn',
  'SSN: ',
  'phone',
  'Tel. ',
  'call me at ',
  'order',
  'AI',
  'sk',
  'ghp',
  'DE',
  'GB',
  'the',
  'password',
  'token',
]

/** Numbers of interest, of every shape that is looked for. */
const SHAPES: readonly ((random: Random) => string)[] = [
  (r) =>
    `0${digits(r, 1 + r(5))}${among(r, [' ', '-', '.', '/', '/(', ' ('])}${digits(r, 3 + r(2))}${among(r, [' ', '-', '.', ''])}${digits(r, 4)}`,
  (r) =>
    `${among(r, ['', '1 ', '1-', '('])}${2 + r(8)}${digits(r, 2)}${among(r, [') ', ')', '-', ' ', '.', ' -', ')  '])}${2 + r(8)}${digits(r, 2)}-${digits(r, 4)}`,
  (r) => `${1 + r(5)}${digits(r, 2)}-${1 + r(9)}${r(10)}-${1 + r(9)}${digits(r, 3)}`,
  (r) =>
    `${among(r, ['ssn', 'social security'])}${among(r, [' ', ': ', ' = '])}${1 + r(5)}${digits(r, 2)}${among(r, ['12', ' 12 '])}${1 + r(9)}${digits(r, 3)}`,
  (r) =>
    `${among(r, ['phone', 'tel', 'mobile', 'cell', 'call', 'fax', 'whatsapp', 'SMS'])}${among(r, [' ', ': ', '=('])}${digits(r, 10 + r(2))}`,
  (r) => `${digits(r, 8 + r(3))}:${pick(r, 35)}`,
  (r) =>
    `+${1 + r(9)}${digits(r, r(3))}${among(r, [' ', '-', '.', '', ' ('])}${digits(r, 3)}${among(r, [' ', ') ', ''])}${digits(r, 4 + r(3))}`,
  (r) =>
    luhnDigit(among(r, ['4', '51', '2221', '34', '37', '30', '36', '6011', '65']) + digits(r, 11 + r(4))).slice(0, 19),
  (r) => grouped(luhnDigit(`${among(r, ['4', '5', '6'])}${digits(r, 14)}`), 4, among(r, [' ', '-'])),
  (r) => luhnDigit(`37${digits(r, 12)}`).replace(/^(.{4})(.{6})/, '$1 $2 '),
  (r) => among(r, IBANS),
  (r) => grouped(among(r, IBANS), 4, ' '),
  (r) => Array.from({ length: 4 }, () => r(256)).join('.'),
  // Digits in groups, most of which are no number of interest.
  (r) => Array.from({ length: 1 + r(5) }, () => digits(r, 1 + r(5))).join(among(r, [' ', '-', '.', '/', '', ') '])),
  (r) => digits(r, 1 + r(20)),
]

function among<T>(random: Random, choices: readonly T[]): T {
  return choices[random(choices.length)]!
}

function text(random: Random): string {
  const part = [
    () => among(random, SHAPES)(random),
    () => among(random, SHAPES)(random),
    () => among(random, PIECES),
    () => among(random, WORDS),
    () => pick(random, 1 + random(40)),
    () => {
      const secret = among(random, Object.values(KINDS)).make(random)
      // Cut off at either end, it is sometimes one and sometimes not.
      return secret.slice(
        random(6) === 0 ? random(secret.length) : 0,
        random(6) === 0 ? random(secret.length) : undefined,
      )
    },
  ]
  return Array.from({ length: 1 + random(4) }, () => among(random, part)() + among(random, DIVIDERS)).join('')
}

it('finds in one quick look what asking every rule at every character finds', () => {
  const find = createFinder(rules, classify)
  const random = randomFrom(20261127)
  let withFindings = 0
  for (let count = 0; count < 20_000; count++) {
    const given = text(random)
    const expected = everywhere(given)
    if (expected !== undefined) withFindings++
    expect({ given, found: find(given) }).toEqual({ given, found: expected })
  }
  // Both kinds of text are many, or nothing would be shown.
  expect(withFindings).toBeGreaterThan(8_000)
  expect(withFindings).toBeLessThan(16_000)
})
