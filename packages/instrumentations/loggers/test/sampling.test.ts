import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { pino, stdTimeFunctions } from 'pino'
import { span } from '@agentel/api'
import { droppedLines, observeConsole, observePino } from '@agentel/instrumentation-loggers'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'

let telemetry: TestTelemetry
const undo: (() => void)[] = []
beforeAll(() => void (telemetry = createTestTelemetry()))
afterEach(() => {
  undo.splice(0).forEach((one) => one())
  telemetry.reset()
})
afterAll(() => telemetry.shutdown())

const silent = () => pino({ level: 'trace' }, { write: () => undefined })
const levels = () => telemetry.logs().map(({ severityText }) => severityText)

it('leaves out debug and info lines by their shares, counts them, and never warnings and errors', () => {
  undo.push(observePino({ minSeverity: 1, sample: { debug: 0, info: 0 } }))
  const logger = silent()
  const before = droppedLines()
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) logger[level]('x')
  expect(levels()).toEqual(['warn', 'error', 'fatal'])
  expect(droppedLines() - before).toBe(3)
})

it('keeps the lines of one trace together', () => {
  undo.push(observePino({ sample: { info: 0.5 } }))
  const logger = silent()
  const traces = Array.from({ length: 200 }, () =>
    span('work', () => {
      const before = telemetry.logs().length
      logger.info('one')
      logger.info('two')
      return telemetry.logs().length - before
    }),
  )
  expect(new Set(traces)).toEqual(new Set([0, 2]))
})

it('takes info and above by default, and nothing once it is stopped', () => {
  const stop = observePino()
  const logger = silent()
  logger.debug('x')
  logger.info('y')
  stop()
  logger.error('z')
  expect(levels()).toEqual(['info'])
})

it('tells nothing of a message that is printed while a line is told', () => {
  const printed: unknown[] = []
  const { log } = console
  console.log = (...args: unknown[]) => void printed.push(args)
  undo.push(() => void (console.log = log))
  undo.push(observeConsole())
  console.log({ toJSON: () => console.log('inside') }, Symbol('s'), 3n)
  expect(printed.length).toBe(1)
  expect(levels()).toEqual(['log'])
})

it('takes no prototype from a field of that name, and no seconds for milliseconds', () => {
  undo.push(observePino())
  const before = Math.floor(Date.now() / 1000)
  pino({ timestamp: stdTimeFunctions.unixTime }, { write: () => undefined }).info(
    JSON.parse('{"__proto__":{"user.id":"somebody else"},"a":1}'),
    'x',
  )
  const [only] = telemetry.logs()
  expect(only?.attributes['user.id']).toBeUndefined()
  expect(only?.attributes['a']).toBe(1)
  expect(only?.hrTime[0]).toBeGreaterThanOrEqual(before)
})

it('is not disturbed by a line that cannot be read', () => {
  undo.push(observePino())
  const lines: string[] = []
  const odd = pino(
    { formatters: { log: (fields) => ({ ...fields, big: 1 }) } },
    { write: (line) => void lines.push(line) },
  )
  odd.info({ cyclic: undefined, when: new Date(0), text: null }, 'fine')
  expect(lines.length).toBe(1)
  const [only] = telemetry.logs()
  expect(only?.attributes).toEqual({ big: 1, when: '1970-01-01T00:00:00.000Z' })
})
