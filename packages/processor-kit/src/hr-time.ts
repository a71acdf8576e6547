/** A time, or a duration, of OpenTelemetry in milliseconds, a time since 1970. */
export function millisecondsOf(time: readonly [number, number]): number {
  return time[0] * 1000 + time[1] / 1e6
}
