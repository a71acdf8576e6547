/** OpenTelemetry's ranges of severities by their first number, the least first. */
export const SEVERITIES = [
  ['TRACE', 1],
  ['DEBUG', 5],
  ['INFO', 9],
  ['WARN', 13],
  ['ERROR', 17],
  ['FATAL', 21],
] as const

/** A name of a range. */
export type SeverityName = (typeof SEVERITIES)[number][0]

/** The first number of a range. */
export function severityOf(name: SeverityName): number {
  return SEVERITIES.find(([one]) => one === name)![1]
}
