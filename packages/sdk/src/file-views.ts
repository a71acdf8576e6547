import type { AggregationConfigModel, ViewConfigModel } from '@opentelemetry/configuration'
import {
  AggregationType,
  createAllowListAttributesProcessor,
  createDenyListAttributesProcessor,
  InstrumentType,
  type AggregationOption,
  type IAttributesProcessor,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics'
import { present } from './otel-settings.ts'

const INSTRUMENTS: Record<string, InstrumentType> = {
  counter: InstrumentType.COUNTER,
  gauge: InstrumentType.GAUGE,
  histogram: InstrumentType.HISTOGRAM,
  observable_counter: InstrumentType.OBSERVABLE_COUNTER,
  observable_gauge: InstrumentType.OBSERVABLE_GAUGE,
  observable_up_down_counter: InstrumentType.OBSERVABLE_UP_DOWN_COUNTER,
  up_down_counter: InstrumentType.UP_DOWN_COUNTER,
}

function aggregationOf(aggregation: AggregationConfigModel | null | undefined): AggregationOption | undefined {
  const [entry] = Object.entries(aggregation ?? {})
  const options = (entry?.[1] ?? {}) as {
    boundaries?: number[]
    record_min_max?: boolean | null
    max_size?: number | null
  }
  const recordMinMax = options.record_min_max ?? true
  switch (entry?.[0]) {
    case 'drop':
      return { type: AggregationType.DROP }
    case 'sum':
      return { type: AggregationType.SUM }
    case 'last_value':
      return { type: AggregationType.LAST_VALUE }
    case 'explicit_bucket_histogram':
      return options.boundaries
        ? { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { recordMinMax, boundaries: options.boundaries } }
        : { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM }
    case 'base2_exponential_bucket_histogram':
      return {
        type: AggregationType.EXPONENTIAL_HISTOGRAM,
        options: { recordMinMax, maxSize: options.max_size ?? 160 },
      }
    default:
      return undefined
  }
}

function processorsOf(keys: ViewConfigModel['stream']['attribute_keys']): IAttributesProcessor[] | undefined {
  if (!keys) return undefined
  return [
    ...(keys.included ? [createAllowListAttributesProcessor(keys.included)] : []),
    ...(keys.excluded ? [createDenyListAttributesProcessor(keys.excluded)] : []),
  ]
}

/** The file's views, as the SDK takes them. They do not apply to the metrics that agentel makes from spans. */
export function viewsOf(views: readonly ViewConfigModel[]): ViewOptions[] {
  return views.map(({ selector, stream }) =>
    present<ViewOptions>({
      instrumentName: selector.instrument_name,
      instrumentType: selector.instrument_type ? INSTRUMENTS[selector.instrument_type] : undefined,
      instrumentUnit: selector.unit,
      meterName: selector.meter_name,
      meterVersion: selector.meter_version,
      meterSchemaUrl: selector.meter_schema_url,
      name: stream.name,
      description: stream.description,
      aggregation: aggregationOf(stream.aggregation),
      aggregationCardinalityLimit: stream.aggregation_cardinality_limit,
      attributesProcessors: processorsOf(stream.attribute_keys),
    }),
  )
}
