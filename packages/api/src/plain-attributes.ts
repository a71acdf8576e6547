import type { Attributes, Span } from '@opentelemetry/api'

/** What both SDK lines keep on a span of theirs. */
interface KeptSpan {
  readonly attributes: Attributes
  readonly _ended: boolean
  _attributesCount: number
  readonly _spanLimits: { readonly attributeCountLimit: number; readonly attributeValueLengthLimit: number }
}

/**
 * Sets attributes of a span as its `setAttributes` would: the same values are taken, counted and left out. Scalars go
 * onto an SDK's span by the shortest way, a fifth of what the SDK needs to look at each; everything else, every limit
 * that is reached and every span of another make is left to the span itself.
 */
export function setPlainAttributes(span: Span, attributes: Readonly<Attributes>): void {
  if (!isKept(span)) {
    span.setAttributes(attributes)
    return
  }
  for (const key in attributes) if (Object.hasOwn(attributes, key)) setOne(span, key, attributes[key])
}

/** As {@link setPlainAttributes}, for one. */
export function setPlainAttribute(span: Span, key: string, value: unknown): void {
  if (isKept(span)) setOne(span, key, value)
  else span.setAttribute(key, value as never)
}

function setOne(span: KeptSpan & Span, key: string, value: unknown): void {
  const type = typeof value
  if ((type === 'string' || type === 'number' || type === 'boolean') && key !== '') {
    const { attributes } = span
    const isNew = !Object.hasOwn(attributes, key)
    if (!isNew || span._attributesCount < span._spanLimits.attributeCountLimit) {
      attributes[key] = value as string
      if (isNew) span._attributesCount++
      return
    }
  }
  if (value !== undefined) span.setAttribute(key, value as never)
}

/** Whether it is an SDK's span that is still open, cuts no texts, and whose `setAttribute` nobody has replaced. */
function isKept(span: Span): span is KeptSpan & Span {
  const { _ended, _attributesCount, _spanLimits, attributes } = span as Partial<KeptSpan>
  return (
    _ended === false &&
    typeof _attributesCount === 'number' &&
    typeof attributes === 'object' &&
    typeof _spanLimits?.attributeCountLimit === 'number' &&
    _spanLimits.attributeValueLengthLimit === Infinity &&
    !Object.hasOwn(span, 'setAttribute') &&
    !Object.hasOwn(span, 'setAttributes')
  )
}
