import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { freePorts } from '../../scripts/stack/ports.ts'
import { type Stack, type StackOptions, startStack } from '../../scripts/stack/start-stack.ts'

/** A stack for one test file, on free ports and with a folder of its own; both are gone when the file's tests have ended. */
export async function ownStack(name: string, options: Partial<StackOptions> = {}): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), `agentel-${name}-`))
  let stack: Stack | undefined
  afterAll(async () => {
    await stack?.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  stack = await startStack({ folder, ports: await freePorts(), ...options })
  return stack
}
