import { defineConfig, mergeConfig } from 'vitest/config'
import base from '../vitest.config.ts'
import { activeMutant } from './apply-mutant.ts'
import { mutated } from './change.ts'

const mutant = activeMutant()

export default mergeConfig(
  base,
  defineConfig({
    root: new URL('..', import.meta.url).pathname,
    plugins: [
      {
        name: 'mutant',
        enforce: 'pre',
        transform: (code, id) =>
          mutant !== undefined && id === mutant.file ? mutated(code, mutant.change) : undefined,
      },
    ],
    // Transformed modules would be taken from the cache of the run before, unchanged.
    test: { fsModuleCache: false, testTimeout: 20_000, hookTimeout: 60_000, coverage: { enabled: false } },
  }),
)
