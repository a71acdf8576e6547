/** US dollars by cost category (`agentel.cost.category`). */
export type CostPartsLike = Readonly<Record<string, number | undefined>>

/**
 * Keyed by the attributes object: the one thing that the view of an ending span and the ended span have in common.
 * An attribute per category would travel with every span to every backend.
 */
const partsOf = new WeakMap<object, CostPartsLike>()

/** Remembers how the cost of a span divides, for enrichers that run later. */
export function setCostParts(span: { readonly attributes: object }, parts: CostPartsLike): void {
  partsOf.set(span.attributes, parts)
}

/** How the cost of a span divides, when an enricher has said so. */
export function getCostParts(span: { readonly attributes: object }): CostPartsLike | undefined {
  return partsOf.get(span.attributes)
}
