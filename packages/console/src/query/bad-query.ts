/** A parameter that cannot be read. The message names it; the asker gets it with status 400. */
export class BadQuery extends Error {
  override readonly name = 'BadQuery'
}
