import * as n from '../../../packages/semconv/src/index.ts'
import type { Dashboard } from './panels.ts'
import { FAILED, grown, mean, per, perMinute, quantile, share } from './query.ts'

const calls = n.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION
const input = n.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS
const output = n.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS
const cost = n.METRIC_AGENTEL_CLIENT_INFERENCE_USAGE_COST
const [range, rate] = ['$__range', '$__rate_interval'] as const

/** How it goes, at a glance. */
export const overview: Dashboard = {
  uid: 'overview',
  title: 'Overview',
  what: 'Calls, failures, response times, tokens and cost of the chosen services.',
  panels: [
    {
      kind: 'stat',
      title: 'Calls',
      what: 'Calls of models in the time shown.',
      unit: 'short',
      query: grown(calls, range),
    },
    {
      kind: 'stat',
      title: 'Errors',
      what: 'Share of the calls that failed for good.',
      unit: 'percentunit',
      target: [0.01, 0.05],
      query: share(calls, FAILED, range),
    },
    {
      kind: 'stat',
      title: 'Average latency',
      what: 'Mean duration of a call.',
      unit: 's',
      target: [2, 5],
      query: mean(calls, range),
    },
    {
      kind: 'stat',
      title: 'Tokens in',
      what: 'Input tokens, cached ones included.',
      unit: 'short',
      query: grown(input, range),
    },
    {
      kind: 'stat',
      title: 'Tokens out',
      what: 'Output tokens, reasoning included.',
      unit: 'short',
      query: grown(output, range),
    },
    { kind: 'stat', title: 'Cost', what: 'What the calls cost.', unit: 'currencyUSD', query: grown(cost, range) },
    {
      kind: 'lines',
      title: 'Requests a minute',
      what: 'Calls of models, by model.',
      unit: 'short',
      by: [n.ATTR_GEN_AI_REQUEST_MODEL],
      query: perMinute(calls, [n.ATTR_GEN_AI_REQUEST_MODEL]),
    },
    {
      kind: 'lines',
      title: 'Errors, share',
      what: 'Share of the calls that failed.',
      unit: 'percentunit',
      target: [0.01, 0.05],
      query: share(calls, FAILED, rate),
    },
    {
      kind: 'lines',
      title: 'Average latency by model',
      what: 'Mean duration of a call.',
      unit: 's',
      target: [2, 5],
      by: [n.ATTR_GEN_AI_REQUEST_MODEL],
      query: mean(calls, rate, [n.ATTR_GEN_AI_REQUEST_MODEL]),
    },
    {
      kind: 'lines',
      title: 'Response time, 24 hours',
      what: 'Median, 95th and 99th percentile of the duration of a call over the last day.',
      unit: 's',
      target: [2, 5],
      over: '24h',
      query: { median: quantile(0.5, calls, rate), p95: quantile(0.95, calls, rate), p99: quantile(0.99, calls, rate) },
    },
    {
      kind: 'lines',
      title: 'Tokens a minute',
      what: 'Input and output tokens.',
      unit: 'short',
      query: { in: perMinute(input), out: perMinute(output) },
    },
    {
      kind: 'lines',
      title: 'Tokens per request',
      what: 'Mean of input and output tokens of a call.',
      unit: 'short',
      target: [1000, 5000],
      query: per([input, output], calls, rate),
    },
    {
      kind: 'lines',
      title: 'Cost per request',
      what: 'Mean cost of a call.',
      unit: 'currencyUSD',
      target: [0.01, 0.05],
      query: per([cost], calls, rate),
    },
    {
      kind: 'table',
      title: 'Top errors',
      what: 'The ten most frequent errors, by category, operation and type.',
      unit: 'short',
      query: `topk(10, ${grown(n.METRIC_AGENTEL_ERRORS, range, [n.ATTR_AGENTEL_ERROR_CATEGORY, n.ATTR_GEN_AI_OPERATION_NAME, n.ATTR_ERROR_TYPE])})`,
    },
    {
      // The collector makes these from spans; each point leads to a trace of its kind.
      kind: 'lines',
      title: 'Duration of operations, with traces',
      what: '95th percentile of spans by operation. A dot is a trace: click it.',
      unit: 's',
      exemplars: true,
      by: [n.ATTR_GEN_AI_OPERATION_NAME],
      query:
        'histogram_quantile(0.95, sum by (gen_ai_operation_name, le) (rate(traces_span_metrics_duration_seconds_bucket{service_name=~"$service", gen_ai_operation_name!=""}[$__rate_interval])))',
    },
    {
      kind: 'logs',
      title: 'Errors in the log',
      what: 'Records of severity WARN and above; each leads to its trace.',
      query: '{service_name=~"$service"} | severity_number >= 13',
    },
  ],
}
