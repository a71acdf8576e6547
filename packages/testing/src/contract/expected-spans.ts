import { ATTR_ERROR_TYPE } from '@agentel/semconv'
import type { SeenSpan } from './child-config.ts'
import type { ExpectedSpan } from './scenario.ts'

const STATUS_UNSET = 0
const STATUS_ERROR = 2

/** Spans in the terms of what is expected of them. */
export function seenAsExpected(seen: readonly SeenSpan[], expected: readonly ExpectedSpan[]): object[] {
  return seen.map((span, index) => asExpected(span, seen, expected[index]))
}

/** What {@link seenAsExpected} must give. */
export function expectedSpans(expected: readonly ExpectedSpan[]): object[] {
  return expected.map(wholeExpectation)
}

function asExpected(span: SeenSpan, all: readonly SeenSpan[], expected: ExpectedSpan | undefined) {
  const wanted = Object.keys(expected?.attributes ?? {})
  return {
    name: span.name,
    error: span.attributes[ATTR_ERROR_TYPE],
    status: span.status.code,
    ...(expected?.parent === undefined ? undefined : { parent: all.find(({ id }) => id === span.parentId)?.name }),
    attributes: Object.fromEntries(wanted.map((key) => [key, span.attributes[key]])),
  }
}

function wholeExpectation({ name, error, parent, attributes }: ExpectedSpan) {
  return {
    name,
    error,
    status: error === undefined ? STATUS_UNSET : STATUS_ERROR,
    ...(parent === undefined ? undefined : { parent }),
    attributes: attributes ?? {},
  }
}
