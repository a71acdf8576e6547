import { randomUUID } from 'node:crypto'
import type { Attributes } from '@opentelemetry/api'
import { hashKeyOf, nameMatcher, type RedactionOptions } from './options.ts'
import { createRedactor } from './redactor.ts'
import { createReplacement } from './replacement.ts'

/** Metrics of either SDK line as a reader collects them, as far as attributes are in them. */
export interface CollectedLike {
  readonly scopeMetrics: readonly {
    readonly metrics: readonly { readonly dataPoints: readonly { readonly attributes: Attributes }[] }[]
  }[]
}

/** A metric reader of either SDK line, by shape. */
export interface MetricReaderLike {
  collect(...options: never[]): Promise<{ readonly resourceMetrics: CollectedLike }>
}

/**
 * Makes what redacts the attributes of collected metrics, those of the application's own instruments too.
 * In the place of a secret stands a keyed hash, `[REDACTED:email:3f9a…]`, so that two series stay two; without
 * `hashKey` the key is made up, and the hashes are others after a restart. A `restricted` attribute has it in the
 * place of its whole value, for without it two series would be one. `allow` and `mode` have no effect.
 *
 * @throws {RedactionOptionError} when an option is wrong
 */
export function metricsRedaction(options: RedactionOptions = {}): (collected: CollectedLike) => void {
  const { allow: _allow, restricted = [], hashKey = randomUUID(), ...rest } = options
  const hashing = { ...rest, mode: 'hash', hashKey } as const
  const redactor = createRedactor(hashing)
  const replacement = createReplacement(hashKeyOf(hashing))
  const isRestricted = nameMatcher(restricted)
  // A series keeps its attributes object from one collection to the next, so each is looked at once.
  const known = new WeakMap<Attributes, Attributes>()
  const redact = (attributes: Attributes): Attributes => {
    let result = attributes
    for (const [name, given] of Object.entries(attributes)) {
      const value = isRestricted(name)
        ? replacement(JSON.stringify(given), 'restricted')
        : redactor.attribute(name, given, { count: 0, rules: new Set() })
      if (value !== given) result = { ...result, [name]: value as string }
    }
    known.set(attributes, result)
    return result
  }
  return ({ scopeMetrics }) => {
    for (const { metrics } of scopeMetrics) {
      for (const { dataPoints } of metrics) {
        for (const point of dataPoints) {
          const redacted = known.get(point.attributes) ?? redact(point.attributes)
          if (redacted !== point.attributes) (point as { attributes: Attributes }).attributes = redacted
        }
      }
    }
  }
}

/**
 * Redacts all that a metric reader collects ({@link metricsRedaction}): for readers that push and for those that are
 * asked, such as Prometheus'. What could not be looked at is not collected.
 *
 * @param redact made once for all readers
 * @returns the same reader
 */
export function redactReader<Reader extends MetricReaderLike>(
  reader: Reader,
  redact: (collected: CollectedLike) => void,
): Reader {
  const collect = reader.collect.bind(reader)
  reader.collect = async (...options) => {
    const result = await collect(...options)
    redact(result.resourceMetrics)
    return result
  }
  return reader
}
