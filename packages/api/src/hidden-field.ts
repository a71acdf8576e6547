/** A field on objects of others that nothing can see: no key, no symbol. */
export interface HiddenField<T> {
  get(holder: object): T | undefined
  set(holder: object, value: T): void
}

/** What makes `super(holder)` give the holder itself, so that a private field goes onto it. */
class Holder {
  constructor(holder: object) {
    // oxlint-disable-next-line no-constructor-return -- it is what this class is for
    return holder
  }
}

/**
 * Makes a field for what is known of an object that is not ours. It does what a `WeakMap` does at a fraction of the
 * price: a map of many young objects keeps all of them through every minor collection, and is grown again and again.
 */
export function hiddenField<T>(): HiddenField<T> {
  class Field extends Holder {
    #value: T
    constructor(holder: object, value: T) {
      super(holder)
      this.#value = value
    }
    static get(holder: object): T | undefined {
      return #value in holder ? holder.#value : undefined
    }
    static set(holder: object, value: T): void {
      if (#value in holder) holder.#value = value
      else void new Field(holder, value)
    }
  }
  return Field
}
