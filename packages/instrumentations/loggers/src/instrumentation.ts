import {
  type InstrumentationConfig,
  KitInstrumentation,
  type ModuleExports,
  type PatchTable,
} from '@agentel/instrumentation-kit'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'
import { configured } from './winston-lines.ts'
import type { LineOptions } from './write-line.ts'

/** Options of the instrumentation of winston. */
export interface WinstonInstrumentationConfig extends InstrumentationConfig, LineOptions {}

/**
 * Makes log records of the lines of winston's loggers, as their own format made them.
 *
 * @example
 * registerInstrumentations({ instrumentations: [new WinstonInstrumentation()] })
 */
export class WinstonInstrumentation extends KitInstrumentation<WinstonInstrumentationConfig> {
  constructor(config: WinstonInstrumentationConfig = {}) {
    super(winstonTable, config)
  }
}

type CreateLogger = (options: object) => object

/** The class of winston's loggers is not exported: every logger is of a class made from it. */
function loggerPrototype(exports: ModuleExports): object | undefined {
  const winston = exports as { createLogger?: CreateLogger; default?: { createLogger?: CreateLogger } }
  const createLogger = winston.createLogger ?? winston.default?.createLogger
  const logger = createLogger?.({ silent: true })
  const derived = logger === undefined ? undefined : (Object.getPrototypeOf(logger) as object)
  return derived === undefined ? undefined : (Object.getPrototypeOf(derived) as object)
}

/** What is patched: the method that every logger is set up with. */
export function winstonTable(options: WinstonInstrumentationConfig = {}): PatchTable {
  return {
    name: SCOPE_NAME,
    version: SCOPE_VERSION,
    module: 'winston',
    entries: ['lib/winston'],
    majors: [3],
    patches: [
      { name: 'logger.configure', method: 'configure', find: loggerPrototype, wrap: () => configured(options) },
    ],
  }
}
