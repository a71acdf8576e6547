import { context, createContextKey, type Span, trace } from '@opentelemetry/api'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'
import { afterEach, beforeEach } from 'vitest'
import { catchUpSpans, mayBeLate, resetFaults } from '../src/index.ts'

/** Says in a context whose work it is. */
export const WHOSE = createContextKey('test.whose')

/** A set-up that lets its spans be late, fresh for each test. */
export interface LateSetUp {
  telemetry: TestTelemetry
  /** Whether it lets them. */
  late: boolean
  /** Whether a processor of it throws. */
  throwing: boolean
  /** Whose context the spans ended in. */
  endedIn: unknown[]
  /** Names of the spans in the order in which they started, with the span that was active then. */
  starts: [string, Span | undefined][]
}

export function lateSetUp(): LateSetUp {
  const setUp = {} as LateSetUp
  const processor = {
    onStart: (span: Span & { name: string }) => {
      setUp.starts.push([span.name, trace.getActiveSpan()])
      if (setUp.late) mayBeLate(span)
    },
    onEnding: () => {
      if (setUp.throwing) throw new Error('no')
    },
    onEnd: () => void setUp.endedIn.push(context.active().getValue(WHOSE)),
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  }
  beforeEach(() => {
    resetFaults()
    Object.assign(setUp, { late: true, throwing: false, endedIn: [], starts: [] })
    setUp.telemetry = createTestTelemetry({ spanProcessors: [processor], logs: false })
  })
  afterEach(async () => {
    catchUpSpans()
    await setUp.telemetry.shutdown()
  })
  return setUp
}

/** The names of the spans that have ended. */
export const names = ({ telemetry }: LateSetUp): string[] => telemetry.spans().map(({ name }) => name)
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
export const milliseconds = ([seconds, nanoseconds]: [number, number]): number => seconds * 1e3 + nanoseconds / 1e6
