/** Name and version of this package, as the scope of its records. */
export const SCOPE_NAME = '@agentel/instrumentation-loggers'
/** Kept equal to package.json by a test. */
export const SCOPE_VERSION = '0.0.0'
