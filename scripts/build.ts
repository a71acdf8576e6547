/** `pnpm build`: compiles every package, then runs each package's own `bundle` script if it has one. */
import { spawnSync } from 'node:child_process'

function step(command: string, args: string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

step('tsc', ['-b'])
step('pnpm', ['-r', '--if-present', 'run', 'bundle'])
