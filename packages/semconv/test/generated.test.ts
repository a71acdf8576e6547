import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { generateSemconv, generatedDirectory } from '../../../scripts/generate-semconv.ts'

describe('the generated code', () => {
  it('is exactly what the registry gives', () => {
    const expected = Object.fromEntries(generateSemconv())
    const found = Object.fromEntries(
      readdirSync(generatedDirectory).map((name) => [name, readFileSync(join(generatedDirectory, name), 'utf8')]),
    )
    expect(found).toEqual(expected)
  })
})
