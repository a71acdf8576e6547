import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
} from '@agentel/semconv'
import type { ConformanceFinding } from './finding.ts'
import type { CheckedSpan } from './span.ts'

const statusError = 2

/** How many spans of each operation there must be, by the value of `gen_ai.operation.name`. */
export type OperationCounts = Readonly<Record<string, number>>

/** Operations that have another number of spans than they should, and streams that do not say that they are ones. */
export function checkOperationCounts(spans: readonly CheckedSpan[], expected: OperationCounts): ConformanceFinding[] {
  const found = new Map<string, number>()
  for (const { attributes } of spans) {
    const operation = attributes[ATTR_GEN_AI_OPERATION_NAME]
    if (typeof operation === 'string') found.set(operation, (found.get(operation) ?? 0) + 1)
  }
  const operations = new Set([...Object.keys(expected), ...found.keys()])
  const counts = [...operations].flatMap((operation): ConformanceFinding[] => {
    const [should, are] = [expected[operation] ?? 0, found.get(operation) ?? 0]
    const message = `there are ${are} spans of it; there should be ${should}`
    return should === are ? [] : [{ rule: 'span_count', where: `operation ${operation}`, message }]
  })
  return [...counts, ...spans.flatMap(checkStream)]
}

function checkStream({ name, status, attributes }: CheckedSpan): ConformanceFinding[] {
  const where = `span ${name}`
  const streamed = attributes[ATTR_GEN_AI_REQUEST_STREAM] === true
  const timed = attributes[ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK] !== undefined
  if (timed && !streamed)
    return [{ rule: 'expected_missing', where, message: `has chunks and no ${ATTR_GEN_AI_REQUEST_STREAM}` }]
  if (streamed && !timed && status.code !== statusError)
    return [
      {
        rule: 'expected_missing',
        where,
        message: `is a stream and has no ${ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK}`,
      },
    ]
  return []
}
