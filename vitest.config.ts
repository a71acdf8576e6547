import { defineConfig } from 'vitest/config'

const conditions = ['@agentel/source']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/**/test/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '.cache/**', 'test/stack/**'],
    environment: 'node',
    pool: 'forks',
    execArgv: ['--conditions=@agentel/source'],
    // Wide, for a machine that does other things beside: what hangs fails all the same.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
    reporters: ['default', 'json'],
    outputFile: { json: '.cache/vitest.json' },
  },
})
