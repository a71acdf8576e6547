import { createHash, randomBytes } from 'node:crypto'

/** Makes ids of the services' shape: a prefix and lower-case hexadecimal digits. */
export type NewId = (prefix: string, digits?: number) => string

/** Ids and the time of one answer. */
export interface Identifiers {
  readonly newId: NewId
  /** Seconds since the epoch, as answers carry them. */
  readonly created: number
}

const FIXED_TIME = 1_750_000_000

/**
 * Random ids and the current time; with a seed both follow from the request alone, so that the same request gets
 * the same answer byte for byte in every run and in any order.
 */
export function identifiersFor(seed: string | undefined, request: string): Identifiers {
  if (seed === undefined) {
    return {
      newId: (prefix, digits = 24) =>
        prefix +
        randomBytes(Math.ceil(digits / 2))
          .toString('hex')
          .slice(0, digits),
      created: Math.floor(Date.now() / 1000),
    }
  }
  let next = 0
  return {
    newId: (prefix, digits = 24) => {
      const hash = createHash('sha256').update(`${seed}\0${next++}\0${request}`)
      return prefix + hash.digest('hex').slice(0, digits)
    },
    created: FIXED_TIME,
  }
}
