import { Writable } from 'node:stream'
import winston from 'winston'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { withIdentity } from '@agentel/api'
import { WinstonInstrumentation } from '@agentel/instrumentation-loggers'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'

let telemetry: TestTelemetry
let instrumentation: WinstonInstrumentation
beforeAll(() => {
  telemetry = createTestTelemetry()
  instrumentation = new WinstonInstrumentation({ enabled: false, minSeverity: 5 })
  expect(instrumentation.manuallyInstrument(winston).missing).toEqual({})
})
afterEach(() => telemetry.reset())
afterAll(async () => {
  instrumentation.disable()
  await telemetry.shutdown()
})

const { combine, json, timestamp } = winston.format

it('a line that had to wait for a slow transport belongs to whom it did when it was written', async () => {
  const slow = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => void setTimeout(done, 1) })
  const logger = winston.createLogger({ format: json(), transports: [new winston.transports.Stream({ stream: slow })] })
  const users = Array.from({ length: 100 }, (_, n) => `u${n}`)
  for (const userId of users) withIdentity({ userId }, () => void logger.info('x'))
  await expect.poll(() => telemetry.logs().length).toBe(100)
  expect(telemetry.logs().map(({ attributes }) => attributes['user.id'])).toEqual(users)
})

it('a line has the time and the severity that its logger gives it, and is none when the logger does not write it', () => {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() })
  const logger = winston.createLogger({
    level: 'notice',
    levels: winston.config.syslog.levels,
    format: combine(timestamp({ format: () => '2026-11-27T08:00:00.000Z' }), json()),
    transports: [new winston.transports.Stream({ stream })],
  })
  for (const level of ['emerg', 'crit', 'warning', 'notice', 'info']) logger.log(level, 'x')
  expect(
    telemetry.logs().map(({ severityNumber, severityText, hrTime }) => [severityNumber, severityText, hrTime]),
  ).toEqual([
    [21, 'emerg', [1795766400, 0]],
    [18, 'crit', [1795766400, 0]],
    [13, 'warning', [1795766400, 0]],
    [10, 'notice', [1795766400, 0]],
  ])
})

it.each(['11/27/2020, 1:30:00 PM', '2020-11-27 13:30:00', 1_606_484_200, 'soon'])(
  'a line whose time is %s, of a zone or unit that nobody knows, is of now',
  (given) => {
    const stream = new Writable({ write: (_chunk, _encoding, done) => done() })
    const logger = winston.createLogger({ format: json(), transports: [new winston.transports.Stream({ stream })] })
    const before = Math.floor(Date.now() / 1000)
    logger.info('x', { timestamp: given })
    expect(telemetry.logs()[0]?.hrTime[0]).toBeGreaterThanOrEqual(before)
  },
)

it('a line with fields and a message that JSON does not know is a record all the same', () => {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() })
  const logger = winston.createLogger({
    format: winston.format.printf(({ message }) => String(message)),
    transports: [new winston.transports.Stream({ stream })],
  })
  const request: Record<string, unknown> = { method: 'GET' }
  request['res'] = { request }
  const broken = {
    toJSON: () => {
      throw new TypeError('no')
    },
  }
  const nothing = { toJSON: () => undefined }
  logger.error('failed', { request, broken, nothing, never: new Date(Number.NaN), count: { big: 1n } })
  const [only] = telemetry.logs()
  expect([only?.severityText, only?.body]).toEqual(['error', 'failed'])
  expect(only?.attributes).toEqual({
    request: expect.stringMatching(/^<ref \*1> \{\s+method: 'GET',\s+res: \{ request: \[Circular \*1\] \}\s+\}$/),
    broken: '{ toJSON: [Function: toJSON] }',
    nothing: '{ toJSON: [Function: toJSON] }',
    never: 'Invalid Date',
    count: '{ big: 1n }',
  })
})
