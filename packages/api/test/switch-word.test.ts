import { expect, test } from 'vitest'
import { switchWord } from '../src/index.ts'

test.each([
  ...['true', 'TRUE', ' 1 ', 'yes', 'On'].map((text) => [text, true] as const),
  ...['false', 'False', '0', 'no', 'OFF'].map((text) => [text, false] as const),
  ...['', 'y', 'maybe', 'constructor', '2', undefined].map((text) => [text, undefined] as const),
])('%j switches to %s', (text, expected) => expect(switchWord(text)).toBe(expected))
