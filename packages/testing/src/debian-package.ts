/** Programs of the system that a test needs and a bare machine has not. */
import { spawnSync } from 'node:child_process'

/** Held while apt works, so that processes that want something at the same time wait for each other. */
const LOCK = '/tmp/agentel-apt.lock'

function apt(...args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync('flock', [LOCK, 'apt-get', '-q', ...args], { stdio: 'ignore', env }).status === 0
}

/**
 * Installs a package of Debian, as root only.
 *
 * @returns whether it is there now; false, too, where there is no apt
 */
export function installDebianPackage(name: string): boolean {
  if (process.getuid?.() !== 0) return false
  const install = (): boolean => apt('install', '-y', '--no-install-recommends', name)
  return install() || (apt('update') && install())
}
