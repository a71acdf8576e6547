import { type Attributes, type Span, diag, DiagLogLevel, type DiagLogger, ROOT_CONTEXT } from '@opentelemetry/api'
import { type SpanLimits, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterEach, describe, expect, test } from 'vitest'
import { setPlainAttribute, setPlainAttributes } from '../src/plain-attributes.ts'

function startSpan(spanLimits: Partial<SpanLimits> = {}): Span & { attributes: Attributes } {
  const provider = new TracerProvider({ spanLimits: spanLimits as SpanLimits, spanProcessors: [] })
  return provider.getTracer('test').startSpan('any', { attributes: { first: 1 } }, ROOT_CONTEXT) as never
}

function listen(): string[] {
  const lines: string[] = []
  const log = (line: string): void => void lines.push(line)
  const logger: DiagLogger = { error: log, warn: log, info: log, debug: log, verbose: log }
  diag.setLogger(logger, DiagLogLevel.WARN)
  return lines
}

/** What is left of a span, as far as attributes go. */
function stateOf(span: object): object {
  const { attributes, droppedAttributesCount, _attributesCount } = span as Record<string, unknown>
  return { attributes, droppedAttributesCount, _attributesCount }
}

const mixed: Attributes = {
  first: 2,
  text: 'a longer text',
  yes: true,
  number: 0.5,
  nothing: undefined,
  list: ['a', 'b'],
  '': 'without a name',
  toString: 'a name that every object has',
  wrong: (() => 1) as never,
  last: 'z',
}

const limits: Record<string, Partial<SpanLimits>> = {
  'no limits': {},
  'a limit of 3 attributes': { attributeCountLimit: 3 },
  'a limit of 4 characters': { attributeValueLengthLimit: 4 },
}

afterEach(() => diag.disable())

describe.each(Object.entries(limits))('with %s', (_, given) => {
  test('attributes become what the SDK itself makes of them, and warnings are the same', () => {
    const [ours, theirs] = [startSpan(given), startSpan(given)]
    const said = listen()
    setPlainAttributes(ours, mixed)
    setPlainAttribute(ours, 'one more', 1)
    const oursSaid = said.splice(0)
    theirs.setAttributes(mixed)
    theirs.setAttribute('one more', 1)

    expect(stateOf(ours)).toEqual(stateOf(theirs))
    expect(oursSaid).toEqual(said)
  })
})

test('the list that was given is not the list on the span', () => {
  const span = startSpan()
  const list = ['a']
  setPlainAttributes(span, { list })
  list.push('b')
  expect(span.attributes).toEqual({ first: 1, list: ['a'] })
})

test('attributes of a prototype are no attributes', () => {
  const span = startSpan()
  setPlainAttributes(span, Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } }) as Attributes)
  expect(span.attributes).toEqual({ first: 1, own: 2 })
})

test('a span that has ended keeps what it has, and the SDK says so', () => {
  const span = startSpan()
  span.end()
  const said = listen()
  setPlainAttributes(span, { late: 1 })
  setPlainAttribute(span, 'later', 1)
  expect(span.attributes).toEqual({ first: 1 })
  expect(said).toHaveLength(2)
})

test('somebody who listens to setAttribute of a span hears of every attribute', () => {
  const span = startSpan()
  const heard: string[] = []
  span.setAttribute = (key) => {
    heard.push(key)
    return span
  }
  setPlainAttributes(span, { a: 1, b: 'x' })
  setPlainAttribute(span, 'c', true)
  expect(heard).toEqual(['a', 'b', 'c'])
})

test('a span of another make is asked itself', () => {
  const heard: unknown[] = []
  const span = {
    setAttributes: (attributes: Attributes) => heard.push(attributes),
    setAttribute: (key: string, value: unknown) => heard.push([key, value]),
  } as unknown as Span
  setPlainAttributes(span, { a: 1 })
  setPlainAttribute(span, 'b', 2)
  expect(heard).toEqual([{ a: 1 }, ['b', 2]])
})
