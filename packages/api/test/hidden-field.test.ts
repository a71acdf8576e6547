import { expect, test } from 'vitest'
import { hiddenField } from '../src/hidden-field.ts'

test('a hidden field holds a value, and shows nowhere', () => {
  const field = hiddenField<number>()
  const other = hiddenField<number>()
  const holder = Object.freeze({ name: 'theirs' })

  expect(field.get(holder)).toBeUndefined()
  field.set(holder, 1)
  field.set(holder, 2)

  expect(field.get(holder)).toBe(2)
  expect(other.get(holder)).toBeUndefined()
  expect(Reflect.ownKeys(holder)).toEqual(['name'])
  expect(Object.getPrototypeOf(holder)).toBe(Object.prototype)
})
