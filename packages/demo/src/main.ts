import { styleText } from 'node:util'
import { runDemo } from './run-demo.ts'

try {
  process.exitCode = await runDemo(process.argv.slice(2))
} catch (error) {
  console.error(`${styleText('red', 'demo:')} ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
