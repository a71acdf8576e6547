/** A method as a replacement sees it. */
export type AnyMethod = (this: unknown, ...args: unknown[]) => unknown

/**
 * Puts a method over one of an object, on the object itself and not enumerable, so that copies and listings of it stay
 * as they were. Name and number of parameters are those of the original.
 *
 * @param make makes the replacement from the original
 * @returns takes it out again, unless somebody has put another one over it since
 */
export function replaceMethod(target: object, name: string, make: (original: AnyMethod) => AnyMethod): () => void {
  const original = (target as Record<string, unknown>)[name]
  if (typeof original !== 'function') return () => undefined
  const own = Object.getOwnPropertyDescriptor(target, name)
  const value = make(original as AnyMethod)
  Object.defineProperty(value, 'name', { value: original.name, configurable: true })
  Object.defineProperty(value, 'length', { value: original.length, configurable: true })
  Object.defineProperty(target, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: own?.enumerable ?? false,
  })
  return () => {
    if (Object.getOwnPropertyDescriptor(target, name)?.value !== value) return
    if (own === undefined) Reflect.deleteProperty(target, name)
    else Object.defineProperty(target, name, own)
  }
}
