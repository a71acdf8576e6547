/** The instrumentation scope of what this package emits. */
export const SCOPE_NAME = '@agentel/processor-anomaly'
export const SCOPE_VERSION = '0.0.0'
