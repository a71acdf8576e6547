/** Name and version of this package, as the scope of its spans. */
export const SCOPE_NAME = '@agentel/instrumentation-langchain'
/** Kept equal to package.json by a test. */
export const SCOPE_VERSION = '0.0.0'
