import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the table of supported SDKs says of a version. */
export type SupportClaim = 'spans' | 'streaming' | 'tools' | 'tokens' | 'cost' | 'propagation'

/** One test's word for a version of an SDK. */
export interface SupportEvidence {
  /** npm name. */
  readonly sdk: string
  /** Exact version that the test ran against. */
  readonly version: string
  readonly format: 'esm' | 'cjs'
  readonly shows: readonly SupportClaim[]
}

/**
 * Notes in the run's report what a test shows by passing. Call it first in the test: a test that fails then counts
 * against the claim. `pnpm sdk-support` makes docs/sdk-support.md of the report.
 *
 * @param task of the test's context: `it('…', ({ task }) => recordSupport(task, …))`
 */
export function recordSupport(task: { readonly meta: object }, evidence: SupportEvidence): void {
  Object.assign(task.meta, { sdkSupport: evidence })
}

/**
 * The version of an SDK that is installed in a folder's `node_modules`.
 *
 * @throws Error when there is none
 */
export function installedVersion(folder: string, sdk: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'node_modules', sdk, 'package.json'), 'utf8')) as {
    version: string
  }
  return manifest.version
}
