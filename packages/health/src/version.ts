/** The instrumentation scope of what this package emits. */
export const SCOPE_NAME = '@agentel/health'
export const SCOPE_VERSION = '0.0.0'
