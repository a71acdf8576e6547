import type { AttributeMap } from '../api/contract.ts'

/** Attributes in the current names, and the convention that they were written in when it is another; null when current. */
export function currentNames(attributes: AttributeMap): {
  readonly attributes: AttributeMap
  readonly dialect: string | null
} {
  return { attributes, dialect: null }
}
