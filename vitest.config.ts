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
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: process.env.CI ? ['default', 'json'] : ['default', 'json'],
    outputFile: { json: '.cache/vitest.json' },
  },
})
