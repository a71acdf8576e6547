/** How a field is written on the wire. `hex` is bytes that OTLP/JSON writes as hex instead of base64. */
export type ScalarType =
  | 'string'
  | 'bytes'
  | 'hex'
  | 'bool'
  | 'double'
  | 'fixed64'
  | 'sfixed64'
  | 'fixed32'
  | 'uint64'
  | 'int64'
  | 'uint32'
  | 'sint32'
  | 'enum'

/** One field of a message. */
export interface Field {
  readonly name: string
  readonly number: number
  /** A scalar, or the message inside; a function, because AnyValue contains itself. */
  readonly type: ScalarType | (() => Message)
  readonly repeated: boolean
}

/** A message of the OTLP protocol. */
export interface Message {
  readonly name: string
  readonly byNumber: readonly (Field | undefined)[]
  readonly byName: ReadonlyMap<string, Field>
}

type FieldSpec = readonly [number: number, type: Field['type'], repeated?: 'repeated']

/** Makes a message from its fields: name -> [number, type]. */
export function message(name: string, specs: Readonly<Record<string, FieldSpec>>): Message {
  const byNumber: (Field | undefined)[] = []
  const byName = new Map<string, Field>()
  for (const [fieldName, [number, type, repeated]] of Object.entries(specs)) {
    const field = { name: fieldName, number, type, repeated: repeated !== undefined }
    byNumber[number] = field
    byName.set(fieldName, field)
  }
  return { name, byNumber, byName }
}

const ANY_VALUE: Message = message('AnyValue', {
  stringValue: [1, 'string'],
  boolValue: [2, 'bool'],
  intValue: [3, 'int64'],
  doubleValue: [4, 'double'],
  arrayValue: [5, () => ARRAY_VALUE],
  kvlistValue: [6, () => KEY_VALUE_LIST],
  bytesValue: [7, 'bytes'],
})
const ARRAY_VALUE = message('ArrayValue', { values: [1, () => ANY_VALUE, 'repeated'] })
/** `opentelemetry.proto.common.v1.KeyValue`. */
export const KEY_VALUE = message('KeyValue', { key: [1, 'string'], value: [2, () => ANY_VALUE] })
const KEY_VALUE_LIST = message('KeyValueList', { values: [1, () => KEY_VALUE, 'repeated'] })

/** `opentelemetry.proto.common.v1.InstrumentationScope`. */
export const SCOPE = message('InstrumentationScope', {
  name: [1, 'string'],
  version: [2, 'string'],
  attributes: [3, () => KEY_VALUE, 'repeated'],
  droppedAttributesCount: [4, 'uint32'],
})
const ENTITY_REF = message('EntityRef', {
  schemaUrl: [1, 'string'],
  type: [2, 'string'],
  idKeys: [3, 'string', 'repeated'],
  descriptionKeys: [4, 'string', 'repeated'],
})
/** `opentelemetry.proto.resource.v1.Resource`. */
export const RESOURCE = message('Resource', {
  attributes: [1, () => KEY_VALUE, 'repeated'],
  droppedAttributesCount: [2, 'uint32'],
  entityRefs: [3, () => ENTITY_REF, 'repeated'],
})

const EVENT = message('Event', {
  timeUnixNano: [1, 'fixed64'],
  name: [2, 'string'],
  attributes: [3, () => KEY_VALUE, 'repeated'],
  droppedAttributesCount: [4, 'uint32'],
})
const LINK = message('Link', {
  traceId: [1, 'hex'],
  spanId: [2, 'hex'],
  traceState: [3, 'string'],
  attributes: [4, () => KEY_VALUE, 'repeated'],
  droppedAttributesCount: [5, 'uint32'],
  flags: [6, 'fixed32'],
})
const STATUS = message('Status', { message: [2, 'string'], code: [3, 'enum'] })
/** `opentelemetry.proto.trace.v1.Span`. */
export const SPAN = message('Span', {
  traceId: [1, 'hex'],
  spanId: [2, 'hex'],
  traceState: [3, 'string'],
  parentSpanId: [4, 'hex'],
  name: [5, 'string'],
  kind: [6, 'enum'],
  startTimeUnixNano: [7, 'fixed64'],
  endTimeUnixNano: [8, 'fixed64'],
  attributes: [9, () => KEY_VALUE, 'repeated'],
  droppedAttributesCount: [10, 'uint32'],
  events: [11, () => EVENT, 'repeated'],
  droppedEventsCount: [12, 'uint32'],
  links: [13, () => LINK, 'repeated'],
  droppedLinksCount: [14, 'uint32'],
  status: [15, () => STATUS],
  flags: [16, 'fixed32'],
})
const SCOPE_SPANS = message('ScopeSpans', {
  scope: [1, () => SCOPE],
  spans: [2, () => SPAN, 'repeated'],
  schemaUrl: [3, 'string'],
})
const RESOURCE_SPANS = message('ResourceSpans', {
  resource: [1, () => RESOURCE],
  scopeSpans: [2, () => SCOPE_SPANS, 'repeated'],
  schemaUrl: [3, 'string'],
})
/** `ExportTraceServiceRequest`, the same on the wire as `TracesData`. */
export const TRACES = message('ExportTraceServiceRequest', { resourceSpans: [1, () => RESOURCE_SPANS, 'repeated'] })

/** `opentelemetry.proto.logs.v1.LogRecord`. */
export const LOG_RECORD = message('LogRecord', {
  timeUnixNano: [1, 'fixed64'],
  severityNumber: [2, 'enum'],
  severityText: [3, 'string'],
  body: [5, () => ANY_VALUE],
  attributes: [6, () => KEY_VALUE, 'repeated'],
  droppedAttributesCount: [7, 'uint32'],
  flags: [8, 'fixed32'],
  traceId: [9, 'hex'],
  spanId: [10, 'hex'],
  observedTimeUnixNano: [11, 'fixed64'],
  eventName: [12, 'string'],
})
const SCOPE_LOGS = message('ScopeLogs', {
  scope: [1, () => SCOPE],
  logRecords: [2, () => LOG_RECORD, 'repeated'],
  schemaUrl: [3, 'string'],
})
const RESOURCE_LOGS = message('ResourceLogs', {
  resource: [1, () => RESOURCE],
  scopeLogs: [2, () => SCOPE_LOGS, 'repeated'],
  schemaUrl: [3, 'string'],
})
/** `ExportLogsServiceRequest`. */
export const LOGS = message('ExportLogsServiceRequest', { resourceLogs: [1, () => RESOURCE_LOGS, 'repeated'] })

const EXEMPLAR = message('Exemplar', {
  timeUnixNano: [2, 'fixed64'],
  asDouble: [3, 'double'],
  spanId: [4, 'hex'],
  traceId: [5, 'hex'],
  asInt: [6, 'sfixed64'],
  filteredAttributes: [7, () => KEY_VALUE, 'repeated'],
})
const NUMBER_POINT = message('NumberDataPoint', {
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  asDouble: [4, 'double'],
  exemplars: [5, () => EXEMPLAR, 'repeated'],
  asInt: [6, 'sfixed64'],
  attributes: [7, () => KEY_VALUE, 'repeated'],
  flags: [8, 'uint32'],
})
const HISTOGRAM_POINT = message('HistogramDataPoint', {
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  bucketCounts: [6, 'fixed64', 'repeated'],
  explicitBounds: [7, 'double', 'repeated'],
  exemplars: [8, () => EXEMPLAR, 'repeated'],
  attributes: [9, () => KEY_VALUE, 'repeated'],
  flags: [10, 'uint32'],
  min: [11, 'double'],
  max: [12, 'double'],
})
const BUCKETS = message('Buckets', { offset: [1, 'sint32'], bucketCounts: [2, 'uint64', 'repeated'] })
const EXPONENTIAL_POINT = message('ExponentialHistogramDataPoint', {
  attributes: [1, () => KEY_VALUE, 'repeated'],
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  scale: [6, 'sint32'],
  zeroCount: [7, 'fixed64'],
  positive: [8, () => BUCKETS],
  negative: [9, () => BUCKETS],
  flags: [10, 'uint32'],
  exemplars: [11, () => EXEMPLAR, 'repeated'],
  min: [12, 'double'],
  max: [13, 'double'],
  zeroThreshold: [14, 'double'],
})
const QUANTILE = message('ValueAtQuantile', { quantile: [1, 'double'], value: [2, 'double'] })
const SUMMARY_POINT = message('SummaryDataPoint', {
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  quantileValues: [6, () => QUANTILE, 'repeated'],
  attributes: [7, () => KEY_VALUE, 'repeated'],
  flags: [8, 'uint32'],
})
const GAUGE = message('Gauge', { dataPoints: [1, () => NUMBER_POINT, 'repeated'] })
const SUM = message('Sum', {
  dataPoints: [1, () => NUMBER_POINT, 'repeated'],
  aggregationTemporality: [2, 'enum'],
  isMonotonic: [3, 'bool'],
})
const HISTOGRAM = message('Histogram', {
  dataPoints: [1, () => HISTOGRAM_POINT, 'repeated'],
  aggregationTemporality: [2, 'enum'],
})
const EXPONENTIAL_HISTOGRAM = message('ExponentialHistogram', {
  dataPoints: [1, () => EXPONENTIAL_POINT, 'repeated'],
  aggregationTemporality: [2, 'enum'],
})
const SUMMARY = message('Summary', { dataPoints: [1, () => SUMMARY_POINT, 'repeated'] })
const METRIC = message('Metric', {
  name: [1, 'string'],
  description: [2, 'string'],
  unit: [3, 'string'],
  gauge: [5, () => GAUGE],
  sum: [7, () => SUM],
  histogram: [9, () => HISTOGRAM],
  exponentialHistogram: [10, () => EXPONENTIAL_HISTOGRAM],
  summary: [11, () => SUMMARY],
  metadata: [12, () => KEY_VALUE, 'repeated'],
})
const SCOPE_METRICS = message('ScopeMetrics', {
  scope: [1, () => SCOPE],
  metrics: [2, () => METRIC, 'repeated'],
  schemaUrl: [3, 'string'],
})
const RESOURCE_METRICS = message('ResourceMetrics', {
  resource: [1, () => RESOURCE],
  scopeMetrics: [2, () => SCOPE_METRICS, 'repeated'],
  schemaUrl: [3, 'string'],
})
/** `ExportMetricsServiceRequest`. */
export const METRICS = message('ExportMetricsServiceRequest', {
  resourceMetrics: [1, () => RESOURCE_METRICS, 'repeated'],
})
