/** `pnpm test [vitest arguments]`: every test that needs nothing but Node and npm. */
import { runTests } from './run-tests.ts'

process.exitCode = runTests(process.argv.slice(2), '.cache/vitest.json')
