/** A time, or a duration, of OpenTelemetry in milliseconds, a time since 1970. */
export function millisecondsOf([seconds, nanos]: readonly [number, number]): number {
  return seconds * 1000 + nanos / 1e6
}
