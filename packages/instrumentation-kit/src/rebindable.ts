import type { ModuleExports } from './patch-table.ts'

/** What a module hands over so that its own functions can be replaced, by their names. */
export type BindingSetters = Readonly<Record<string, (value: unknown) => void>>

/**
 * A module's exports as an object whose functions can be replaced: what is defined on it is bound inside the module too,
 * so that importers and the module's own calls have it.
 *
 * @param setters of the functions that can be; others are replaced on the object alone
 */
export function rebindable(exports: ModuleExports, setters: BindingSetters): ModuleExports {
  return new Proxy(
    { ...exports },
    {
      defineProperty(target, key, descriptor) {
        if (typeof key === 'string' && Object.hasOwn(setters, key)) setters[key]!(descriptor.value)
        return Reflect.defineProperty(target, key, descriptor)
      },
    },
  )
}
