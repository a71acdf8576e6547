/** Runs written as OTLP/JSON, so that what the verbs print is known to the last digit. */

type Value = string | number | readonly string[]

/** One span of a run. */
export interface Step {
  readonly name: string
  /** Number of the step that it is below; none for the root. */
  readonly below?: number
  /** Milliseconds after the run's start. */
  readonly from: number
  readonly to: number
  /** OTLP's number; 1 (internal) by default. */
  readonly kind?: number
  readonly attributes?: Readonly<Record<string, Value>>
  readonly error?: string
  readonly exception?: { readonly type: string; readonly message: string; readonly stack: string }
}

function valueOf(value: Value): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  return { arrayValue: { values: value.map(valueOf) } }
}

const attributesOf = (attributes: Readonly<Record<string, Value>> = {}) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }))

/** The id of the n-th step of every run. */
export const stepId = (n: number): string => String(n).padStart(16, '0')

/** A message as the conventions write it. */
export const message = (role: string, content: string): string =>
  JSON.stringify([{ role, parts: [{ type: 'text', content }] }])

/** The request that brings a run. @param start epoch milliseconds */
export function runRequest(traceId: string, start: number, steps: readonly Step[], service = 'desk'): object {
  const nanos = (millis: number): string => `${BigInt(Math.round(start + millis)) * 1_000_000n}`
  const spans = steps.map((step, n) => ({
    traceId,
    spanId: stepId(n + 1),
    ...(step.below !== undefined && { parentSpanId: stepId(step.below) }),
    name: step.name,
    kind: step.kind ?? 1,
    startTimeUnixNano: nanos(step.from),
    endTimeUnixNano: nanos(step.to),
    attributes: attributesOf(step.attributes),
    ...(step.error !== undefined && { status: { code: 2, message: step.error } }),
    ...(step.exception && {
      events: [
        {
          name: 'exception',
          timeUnixNano: nanos(step.to),
          attributes: attributesOf({
            'exception.type': step.exception.type,
            'exception.message': step.exception.message,
            'exception.stacktrace': step.exception.stack,
          }),
        },
      ],
    }),
  }))
  const resource = { attributes: attributesOf({ 'service.name': service }) }
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'test' }, spans }] }] }
}

export const agent = (name: string) => ({ 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': name })
export const tool = (name: string) => ({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name })
export const chat = (model: string, input: number, output: number) => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': model,
  'gen_ai.usage.input_tokens': input,
  'gen_ai.usage.output_tokens': output,
})
