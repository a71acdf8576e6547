import { type Attributes, type Exception, INVALID_SPAN_CONTEXT, type Span } from '@opentelemetry/api'

/** What the SDK has told of one of its spans. */
export interface Told {
  readonly attributes: Attributes
  /** What it said of an error, in place of the error itself. */
  error: Error | undefined
  /** Called when the SDK ends its span. */
  ended: () => void
}

/** The span that is given to the SDK: it only listens, for the spans that are recorded are ours. */
export function toldSpan(told: Told): Span {
  const span: Span = {
    spanContext: () => INVALID_SPAN_CONTEXT,
    isRecording: () => true,
    setAttribute(key, value) {
      told.attributes[key] = value
      return span
    },
    setAttributes(attributes) {
      Object.assign(told.attributes, attributes)
      return span
    },
    recordException: (exception) => void (told.error = errorOf(exception)),
    setStatus: () => span,
    addEvent: () => span,
    addLink: () => span,
    addLinks: () => span,
    updateName: () => span,
    end: () => told.ended(),
  }
  return span
}

/** The SDK takes an error apart before it tells it. */
function errorOf(exception: Exception): Error {
  if (typeof exception === 'string') return new Error(exception)
  const error = new Error(exception.message ?? '')
  if (exception.name !== undefined) error.name = exception.name
  return error
}
