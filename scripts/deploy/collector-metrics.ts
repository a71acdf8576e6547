/** PromQL over the collector's own figures, which it has for each signal apart. */

const SIGNALS = ['spans', 'metric_points', 'log_records']

/** `of` of a metric of each signal, as one vector: functions drop the name, so that the signal must be a label. */
export function eachSignal(metric: string, of: (series: string) => string): string {
  return SIGNALS.map((signal) => `label_replace(${of(`${metric}_${signal}`)}, "signal", "${signal}", "", "")`).join(
    ' or ',
  )
}

/** Growth. Many series are born with the first thing that happens: what was not there before has grown by all it holds. */
export function grownOf(series: string, window: string): string {
  return `(last_over_time(${series}[${window}]) unless ${series} offset ${window} or increase(${series}[${window}]))`
}

/** Growth of a metric of each signal. */
export function signalsGrown(metric: string, window: string): string {
  return eachSignal(metric, (series) => grownOf(series, window))
}

/** Growth a second. */
export function signalsRate(metric: string, window: string): string {
  return eachSignal(metric, (series) => `rate(${series}[${window}])`)
}
