import { decisionsOf } from '../../../scripts/mutant-table.ts'

const config = ['test/config-reader.test.ts']
const settings = ['test/settings.test.ts', 'test/config-reader.test.ts', 'test/config-file-settings.test.ts']
const file = ['test/config-file-settings.test.ts', 'test/config-file.test.ts']
const sampling = ['test/span-sampling.test.ts', 'test/sampling.test.ts', 'test/drop-counts.test.ts']
const split = ['test/split-batches.test.ts']
const parallel = ['test/parallel-batches.test.ts']
const late = ['test/late-spans.test.ts']

/** What these files decide within a function, taken otherwise. */
export const decisions = [
  ...decisionsOf('src/config-reader.ts', config, [
    [
      'layerOf(options as Tree, CODE), { ...NOTHING, values: fromEnvironment(env) }',
      '{ ...NOTHING, values: fromEnvironment(env) }, layerOf(options as Tree, CODE)',
    ],
    [
      '{ ...NOTHING, values: fromEnvironment(env) }, fileLayer(file, FILE)',
      'fileLayer(file, FILE), { ...NOTHING, values: fromEnvironment(env) }',
    ],
    [
      'profiles.get(profile) ?? new Map<string, unknown>(),\n    values,',
      'values,\n    profiles.get(profile) ?? new Map(),',
    ],
    ["named ?? 'production'", "'production'"],
    ['layer ? layer.get(field.path) : field.default', 'layer?.get(field.path)'],
    ['value >= (field.min', 'value > (field.min'],
    ['value <= (field.max', 'value < (field.max'],
    ['(integer && !Number.isInteger(value))', 'false'],
    ['!Number.isFinite(value) || ', ''],
    ['value.length >= minLength', 'true'],
    ['URL.canParse(value)', 'true'],
    ["Array.isArray(value) && value.every((one) => typeof one === 'string')", 'Array.isArray(value)'],
    ['Object.values(value).every((one) => field.values?.includes(typeof one))', 'true'],
    ["field.secret || field.kind === 'url'", "field.kind === 'url'"],
    ["field.secret || field.kind === 'url'", 'field.secret'],
    ["if (field.kind === 'map')", 'if (false)'],
    ['if (value === undefined) continue\n    const written', 'const written'],
    ['      if (value === null) continue\n      if (!ACCEPTS', '      if (!ACCEPTS'],
    ['if (part === undefined || part === null) continue', ''],
    ["values.has('profile')) {\n      const message", 'false) {\n      const message'],
    ["word !== '' && word !== 'none'", "word !== ''"],
    ["word !== '' && word !== 'none'", "word !== 'none'"],
    ["field.kind === 'integer' || field.kind === 'number' ? Number(text)", "field.kind === 'integer' ? Number(text)"],
  ]),
  ...decisionsOf('src/environment-reader.ts', settings, [
    ["value === undefined || value === ''", 'value === undefined'],
    ['env[name]?.trim()', 'env[name]'],
    ['!Number.isInteger(number) || ', ''],
    ['number < min', 'number <= min'],
    ['envString(env, name)?.toLowerCase()', 'envString(env, name)'],
    ['choice.toLowerCase() === value.toLowerCase()', 'choice === value'],
    [
      'if (value !== undefined) return value\n  }',
      'if (value !== undefined && name === names.at(-1)) return value\n  }',
    ],
  ]),
  ...decisionsOf(
    'src/environment-reader.ts',
    [...settings, 'test/off.test.ts'],
    [
      ["name.startsWith('AGENTEL_') ||", ''],
      ["name.startsWith('AGENTEL_') || value === 'true' || value === 'false'", 'true'],
      ["known ?? refuse(name, value, 'true or false')", 'known'],
    ],
  ),
  ...decisionsOf('src/apply-config.ts', settings, [
    ["protocol === 'grpc' ? endpoint :", "protocol === ('x' as string) ? endpoint :"],
    ["endpoint.replace(/\\/+$/, '')", 'endpoint'],
    [
      'config.export.metricIntervalMs ?? reader.exportIntervalMillis',
      'reader.exportIntervalMillis ?? config.export.metricIntervalMs',
    ],
    ['config.export.metricIntervalMs ?? reader.exportIntervalMillis ??', 'config.export.metricIntervalMs ??'],
    ['config.export.delayMs ?? batch.scheduledDelayMillis', 'batch.scheduledDelayMillis ?? config.export.delayMs'],
    ['config.export.delayMs ?? batch.scheduledDelayMillis ??', 'config.export.delayMs ??'],
    ['Math.min(reader.exportTimeoutMillis ?? 30_000, interval)', 'reader.exportTimeoutMillis ?? 30_000'],
    ["batch === 'simple'\n", 'false\n'],
    ["!enabled || all.some(({ name }) => name === 'prometheus')", '!enabled'],
    [
      '...settings.resource.attributes, ...config.resourceAttributes',
      '...config.resourceAttributes, ...settings.resource.attributes',
    ],
    ['...config.resourceAttributes, ...name', '...name, ...config.resourceAttributes'],
    ['{ ...one.listen, ...listen }', '{ ...listen, ...one.listen }'],
  ]),
  ...decisionsOf('src/otel-environment.ts', settings, [
    ["name === 'none' || names.includes('none')", 'false'],
    ['[...new Set(names)]', 'names'],
    ["name === 'console' ? 'simple' : batch", 'batch'],
    ["signal === 'logs' ? 'OTEL_BLRP' : 'OTEL_BSP'", "'OTEL_BSP'"],
    ["name.startsWith('parentbased_')", 'false'],
    ['ratio >= 0 && ratio <= 1', 'ratio >= 0'],
    ['ratio >= 0 && ratio <= 1', 'ratio <= 1'],
    ['argument ?? 1', 'argument ?? 0'],
    ['url !== undefined && !URL.canParse(url)', 'false'],
    ["endpoint?.includes('://') === false ?", 'false ?'],
    ["names.includes('all') ? DETECTORS :", ''],
  ]),
  ...decisionsOf('src/config-file.ts', file, [
    ["model.temporality_preference === 'low_memory'", 'false'],
    ["model.temporality_preference ?? 'cumulative'", "'cumulative'"],
    ["model.default_histogram_aggregation === 'base2_exponential_bucket_histogram'", 'false'],
    ["model.encoding === 'json'", 'false'],
    ["if (name === 'simple') return", 'if (false) return'],
    ["child('root') ?? { name: 'always_on' }", "{ name: 'always_on' }"],
    [
      'span?.attribute_value_length_limit ?? all?.attribute_value_length_limit',
      'all?.attribute_value_length_limit ?? span?.attribute_value_length_limit',
    ],
    ['span?.attribute_count_limit ?? all?.attribute_count_limit', 'span?.attribute_count_limit'],
    ['log?.attribute_count_limit ?? all?.attribute_count_limit', 'log?.attribute_count_limit'],
    ["severity?.replace(/\\d$/, '')", 'severity'],
    ['model.disabled === true', 'false'],
  ]),
  ...decisionsOf('src/trace-limit.ts', sampling, [
    ['count(traceId) <= most', 'count(traceId) < most'],
    ['(counts.get(traceId) ?? 0) > most', 'false'],
    ['dropped++', ''],
    ['before === undefined && counts.size >= MOST_TRACES', 'false'],
    ['result.decision !== SamplingDecision.RECORD_AND_SAMPLED || ', ''],
  ]),
  ...decisionsOf('src/span-sampling.ts', sampling, [
    ['exactMetrics ? alwaysRecord(limit.sampler) : limit.sampler', 'limit.sampler'],
    ['!keepErrors && !enabled', '!enabled'],
    ["'sampling.maxSpansPerTrace': limit.dropped()", "'sampling.maxSpansPerTrace': 0"],
    ['counters.keep?.dropped() ?? 0', '0'],
    ["'sampling.tail': droppedSpans", "'sampling.tail': 0"],
    ["evicted: { 'sampling.tail': evicted }", "evicted: { 'sampling.tail': 0 }"],
    ['limit.isFull(span.spanContext().traceId)', 'false'],
  ]),
  ...decisionsOf('src/split-batches.ts', split, [
    ['part.length > 0 && bytes + size > maxBytes', 'bytes + size > maxBytes'],
    ['part = []\n      bytes = 0', 'part = []'],
    ['if (code !== ExportResultCode.SUCCESS)', 'if (false)'],
    ['size += textsIn(event.attributes ?? {})', ''],
    ["typeof value === 'object' && value !== null", 'false'],
  ]),
  ...decisionsOf('src/parallel-batches.ts', parallel, [
    ['beside >= BESIDE', 'false'],
    ['waiting < full', 'false'],
    ['Math.max(0, waiting - spans.length)', 'waiting'],
    ['.finally(() => beside--)', ''],
    ['processor.forceFlush(), ...onTheirWay', 'processor.forceFlush()'],
  ]),
  ...decisionsOf('src/build-plugs.ts', late, [
    ['options.lateSpans === true ? ', 'true ? '],
    ['    onEnding: catchUpSpans,\n', ''],
    ['async () => catchUpSpans()', 'async () => {}'],
    ['      over = true\n', ''],
    ['over = true\n      catchUpSpans()', 'over = true'],
  ]),
  ...decisionsOf('../processors/metrics/src/metrics-enricher.ts', late, [['      catchUpSpans()\n', '']]),
  ...decisionsOf('../processors/cost/src/budgets.ts', late, [['      catchUpSpans()\n', '']]),
  ...decisionsOf('src/start.ts', late, [
    ['lateSpans: enrichers === undefined', 'lateSpans: false'],
    ['lateSpans: enrichers === undefined', 'lateSpans: true'],
  ]),
  ...decisionsOf('../instrumentation-kit/src/call-recording.ts', late, [
    ["if (outcome === 'complete') operation.endSoon()", 'operation.endSoon()\n    if (false) {}'],
  ]),
]
