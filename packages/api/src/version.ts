/** Name and version of this package, as the scope of what it emits. */
export const SCOPE_NAME = '@agentel/api'
/** Kept equal to package.json by a test. */
export const SCOPE_VERSION = '0.0.0'
