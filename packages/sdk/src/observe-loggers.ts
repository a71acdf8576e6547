import {
  droppedLines,
  type LineOptions,
  observeConsole,
  observePino,
  WinstonInstrumentation,
} from '@agentel/instrumentation-loggers'
import type { AgentelConfig } from './generated/config-fields.ts'
import { severityOf } from './severities.ts'
import type { Losses } from './span-sampling.ts'

/** The loggers that are observed. */
export interface ObservedLoggers {
  /** Those that are hooked when they are loaded. */
  readonly hooked: readonly WinstonInstrumentation[]
  stop(): void
}

/** Makes log records of the lines of these loggers. */
export function observeLoggers({ include, level, sampleDebug, sampleInfo }: AgentelConfig['loggers']): ObservedLoggers {
  const options: LineOptions = { minSeverity: severityOf(level), sample: { debug: sampleDebug, info: sampleInfo } }
  const stops: (() => void)[] = []
  if (include.includes('pino')) stops.push(observePino(options))
  if (include.includes('console')) stops.push(observeConsole(options))
  const hooked = include.includes('winston') ? [new WinstonInstrumentation(options)] : []
  return { hooked, stop: () => stops.forEach((stop) => stop()) }
}

/** What was dropped, with the lines that their sampling left out. */
export function withLines({ dropped, ...losses }: Losses): Losses {
  const lines = droppedLines()
  return { ...losses, dropped: lines === 0 ? dropped : { ...dropped, 'loggers.sampling': lines } }
}
