/** A command line that makes no sense; the message names the option. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
