/** Name and version of this package, as the scope of its metrics. */
export const SCOPE_NAME = '@agentel/processor-cost'
/** Kept equal to package.json by a test. */
export const SCOPE_VERSION = '0.0.0'
