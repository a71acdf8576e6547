import { guard } from '@agentel/api'
import { observeClientCall } from './client-call.ts'
import type { Invoke, Method, ModuleExports, Patch, PatchRuntime, PatchTable } from './patch-table.ts'

/** On a wrapper: whose it is. Shared between copies of this package, so that no call gets two spans. */
const PATCHED_BY = Symbol.for('agentel.patched_by')

interface PatchOwner {
  readonly name: string
  /** A wrapper that is switched off and could not be taken out is no reason to stay away. */
  readonly enabled: () => boolean
}

/** A patch that is in place, with what is needed to take it out. */
export interface AppliedPatch {
  readonly holder: object
  readonly method: string
  readonly original: PropertyDescriptor
  readonly wrapper: Method
}

/** The patches that one call of {@link applyPatches} put in place, and those that it could not. */
export interface PatchResult {
  readonly applied: readonly AppliedPatch[]
  readonly hooked: readonly string[]
  readonly missing: Readonly<Record<string, string>>
}

/**
 * Puts the patches of a table into a loaded copy of its module. A patch whose target has not the expected shape is
 * left out and named in `missing`; nothing here throws.
 *
 * @param enabled asked at every call: a wrapper that cannot be taken out any more (somebody wrapped it in turn) passes
 * straight through once the instrumentation is disabled
 * @param entry the entry that was loaded; unknown when the module was handed over
 */
export function applyPatches(
  table: PatchTable,
  exports: ModuleExports,
  runtime: PatchRuntime,
  enabled: () => boolean,
  entry?: string,
): PatchResult {
  const applied: AppliedPatch[] = []
  const hooked: string[] = []
  const missing: Record<string, string> = {}
  for (const patch of table.patches) {
    if (patch.entry !== undefined && entry !== undefined && patch.entry !== entry) continue
    const outcome =
      guard(`${table.module}.${patch.name}.hook`, () => applyPatch(table, patch, exports, runtime, enabled, entry)) ??
      'looking at it failed'
    if (typeof outcome === 'object') {
      applied.push(outcome)
      hooked.push(patch.name)
    } else if (outcome === 'in place') hooked.push(patch.name)
    else if (outcome !== 'absent') missing[patch.name] = outcome
  }
  return { applied, hooked, missing }
}

/**
 * Takes the patches out again.
 *
 * @returns those that stay where they are, because somebody has wrapped them since
 */
export function removePatches(patches: readonly AppliedPatch[]): AppliedPatch[] {
  return patches.filter(({ holder, method, original, wrapper }) => {
    if (Object.getOwnPropertyDescriptor(holder, method)?.value !== wrapper) return true
    Object.defineProperty(holder, method, original)
    return false
  })
}

function applyPatch(
  table: PatchTable,
  patch: Patch,
  exports: ModuleExports,
  runtime: PatchRuntime,
  enabled: () => boolean,
  entry: string | undefined,
): AppliedPatch | string {
  const holder = patch.find(exports)
  const optional = typeof patch.optional === 'function' ? patch.optional(exports) : patch.optional
  if (holder === undefined || holder === null) {
    // Handed over is one module of several, and nobody says which.
    const isElsewhere = patch.entry !== undefined && entry === undefined
    const isExpected = optional !== true && !isElsewhere
    return isExpected ? (patch.absence ?? 'the class that holds it is not exported') : 'absent'
  }
  const original = Object.getOwnPropertyDescriptor(holder, patch.method)
  if (typeof original?.value !== 'function') {
    return optional === true ? 'absent' : `there is no method ${patch.method}`
  }
  if (original.configurable !== true) return `its method ${patch.method} cannot be replaced`
  const owner = original.value[PATCHED_BY] as PatchOwner | undefined
  if (owner?.enabled() === true) return owner.name === table.name ? 'in place' : `${owner.name} has hooked it already`
  const invoke = 'readers' in patch ? observeClientCall(patch.readers, runtime) : patch.wrap(runtime)
  const wrapper = wrapMethod(original.value as Method, invoke, enabled)
  Object.defineProperty(wrapper, PATCHED_BY, { value: { name: table.name, enabled } satisfies PatchOwner })
  Object.defineProperty(holder, patch.method, { ...original, value: wrapper })
  return { holder, method: patch.method, original, wrapper }
}

/** A method that looks like the original: same name, same number of parameters, no constructor. */
function wrapMethod(original: Method, invoke: Invoke, enabled: () => boolean): Method {
  const { wrapper } = {
    wrapper(this: unknown, ...args: unknown[]): unknown {
      return enabled() ? invoke(this, args, original) : Reflect.apply(original, this, args)
    },
  }
  Object.defineProperty(wrapper, 'name', { value: original.name, configurable: true })
  Object.defineProperty(wrapper, 'length', { value: original.length, configurable: true })
  return wrapper
}
