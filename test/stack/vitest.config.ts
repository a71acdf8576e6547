import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

const { test, ...rest } = base

export default defineConfig({
  ...rest,
  root: new URL('../..', import.meta.url).pathname,
  test: {
    ...test,
    include: ['test/stack/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    // Each file runs servers of its own: one after the other, or they take each other's memory and time.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    outputFile: { json: '.cache/vitest-stack.json' },
  },
})
