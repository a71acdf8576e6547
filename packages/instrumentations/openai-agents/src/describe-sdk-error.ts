import type { Operation } from '@agentel/api'
import type { SdkError } from './sdk-shapes.ts'

/** Records a failure as the SDK tells it: in words, of which the beginning names the error's class. */
export function failAsTold(operation: Operation, error: SdkError | null | undefined): void {
  if (error === null || error === undefined) return
  const { message, data } = error
  const detail = typeof data?.error === 'string' ? data.error : undefined
  const type = typeOf(String(message), detail)
  operation.fail({ name: type, message: detail ?? String(message) }, { type })
}

/** The SDK's own words for what it does not say with an error. */
const TYPES: Readonly<Record<string, string>> = {
  'Guardrail tripwire triggered': 'GuardrailTripwireTriggered',
  'Max turns exceeded': 'MaxTurnsExceededError',
  'Multiple handoffs requested': 'MultipleHandoffsRequested',
  'Error running tool': 'tool_error',
  'Error running tool (non-fatal)': 'tool_error',
}

function typeOf(message: string, detail: string | undefined): string {
  const named = /^([A-Za-z][A-Za-z0-9]{0,60}(?:Error|Exception|Triggered))\b/.exec(detail ?? message)?.[1]
  // A plain `Error` says nothing, and comes from every provider.
  return named ?? TYPES[message] ?? ((detail ?? message).startsWith('Error:') ? 'Error' : '_OTHER')
}
