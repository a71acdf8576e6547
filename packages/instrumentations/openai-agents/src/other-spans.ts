import { startGuardrail, startSpan } from '@agentel/api'
import { failAsTold } from './describe-sdk-error.ts'
import type { Entry } from './run-registry.ts'
import type { Start } from './spans.ts'
import { metadataAttributes } from './trace.ts'

/** A guardrail: `apply_guardrail {name}`, and whether it was triggered. */
export function startCheck({ span, parent, tracer }: Start): Entry {
  const operation = startGuardrail({ name: String(span.spanData.name), parent, tracer })
  return {
    context: operation.context,
    end(ended) {
      const triggered = ended?.spanData.triggered === true
      operation.result({ triggered })
      // A tripwire is what the guardrail found, not a failure of it.
      if (!triggered) failAsTold(operation, ended?.error)
      operation.end()
    },
  }
}

/** Custom spans, speech, and what newer versions may bring: under their name, with their type. */
export function startOther({ span, parent, tracer }: Start): Entry {
  const { type, name, data } = span.spanData
  const operation = startSpan({
    name: typeof name === 'string' ? name : type,
    type,
    parent,
    tracer,
    attributes: type === 'custom' ? metadataAttributes(data) : {},
  })
  return {
    context: operation.context,
    end(ended) {
      failAsTold(operation, ended?.error)
      operation.end()
    },
  }
}
