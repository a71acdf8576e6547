/** US dollars by cost category (`agentel.cost.category`). */
export type CostPartsLike = Readonly<Record<string, number | undefined>>

/**
 * A span's `onEnding` and `onEnd` run in one go, so the last one is the one that is asked for: a map of all spans would
 * cost more than the metrics made from it. The attributes object stands for the span, for it is the one thing that
 * the view of an ending span and the ended span have in common.
 */
let lastAttributes: object | undefined
let lastParts: CostPartsLike | undefined

/** Remembers how the cost of a span divides, for enrichers that run later while the same span ends. */
export function setCostParts(span: { readonly attributes: object }, parts: CostPartsLike): void {
  lastAttributes = span.attributes
  lastParts = parts
}

/** How the cost of the span that is ending divides, when an enricher has said so. */
export function getCostParts(span: { readonly attributes: object }): CostPartsLike | undefined {
  return span.attributes === lastAttributes ? lastParts : undefined
}
