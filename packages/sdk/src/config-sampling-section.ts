import { z } from 'zod'

/** Sampling at the end of a trace, in this process. */
const tailSection = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe('Decide on whole traces when they end; for one process without a collector.')
      .meta({ env: 'AGENTEL_SAMPLING_TAIL_ENABLED' }),
    share: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .describe('Share that is kept of traces without error, anomaly or priority that were neither slow nor costly.')
      .meta({ env: 'AGENTEL_SAMPLING_TAIL_SHARE' }),
    slowSeconds: z
      .number()
      .min(0)
      .default(30)
      .describe('Traces that took at least as long are kept.')
      .meta({ env: 'AGENTEL_SAMPLING_TAIL_SLOW_SECONDS' }),
    costUsd: z
      .number()
      .min(0)
      .default(0.1)
      .describe('Traces that cost at least as many US dollars are kept.')
      .meta({ env: 'AGENTEL_SAMPLING_TAIL_COST_USD' }),
    maxTraces: z
      .int()
      .min(1)
      .default(1000)
      .describe('Traces that wait for their end; beyond, the oldest is decided by what is known, and counted.')
      .meta({ env: 'AGENTEL_SAMPLING_TAIL_MAX_TRACES' }),
    maxBytes: z
      .int()
      .min(100_000)
      .default(64 * 1024 * 1024)
      .describe('Bytes that waiting traces may take, roughly.')
      .meta({ env: 'AGENTEL_SAMPLING_TAIL_MAX_BYTES' }),
    waitSeconds: z
      .number()
      .min(1)
      .default(300)
      .describe('Seconds after which a trace is decided though it goes on.')
      .meta({ env: 'AGENTEL_SAMPLING_TAIL_WAIT_SECONDS' }),
  })
  .prefault({})

/** The section `sampling` of the configuration. */
export const samplingSection = z
  .strictObject({
    exactMetrics: z
      .boolean()
      .default(true)
      .describe(
        'Record agent and model spans that the sampler drops, without exporting them, so that metrics count every call.',
      )
      .meta({ env: 'AGENTEL_SAMPLING_EXACT_METRICS' }),
    maxSpansPerTrace: z
      .int()
      .min(1)
      .default(10_000)
      .describe(
        'Spans of one trace that this process exports; the rest is counted in metrics and in `agentel.self.dropped`.',
      )
      .meta({ env: 'AGENTEL_SAMPLING_MAX_SPANS_PER_TRACE' }),
    rules: z
      .array(z.string())
      .default([])
      .describe(
        'Which traces are kept when they begin, before `OTEL_TRACES_SAMPLER` is asked: `agent=billing:1`, `http.route=/health:0`, `user=bot-*:10/s`. The first that fits decides.',
      )
      .meta({ env: 'AGENTEL_SAMPLING_RULES' }),
    keepErrors: z
      .boolean()
      .default(true)
      .describe(
        'Export failed and critical agent spans of traces that the sampler drops, without the rest of the trace.',
      )
      .meta({ env: 'AGENTEL_SAMPLING_KEEP_ERRORS' }),
    keepPerSecond: z
      .int()
      .min(0)
      .default(100)
      .describe('Spans a second that `keepErrors` exports at most; the others are counted in `agentel.self.dropped`.')
      .meta({ env: 'AGENTEL_SAMPLING_KEEP_PER_SECOND' }),
    tail: tailSection,
  })
  .prefault({})
